"""Reading back: filters, the screen-pop's look-ups and the plans behind them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import Pool, statements
from telephony import history
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, Instant, QueueName
from telephony.record import JST
from tests.integration.journal.conftest import Tell
from tests.journal_samples import TEN_O_CLOCK, abandoned_call, after_the_call, answered_call, interleaved

HOUR = 3_600.0
TEN = datetime(2026, 12, 28, 10, tzinfo=JST)


@pytest.fixture
async def three_calls(tell: Tell) -> None:
    await tell(
        list(
            interleaved(
                [
                    answered_call("m-1", TEN_O_CLOCK),
                    abandoned_call("m-2", TEN_O_CLOCK + HOUR),
                    answered_call("m-3", TEN_O_CLOCK + 2 * HOUR, caller="+81399999999"),
                ]
            )
        )
    )


@pytest.mark.usefixtures("three_calls")
async def test_calls_are_found_newest_first_by_any_filter(pool: Pool) -> None:
    async def ids(**wanted: Any) -> list[str]:
        return [record.id for record in await history.calls(pool, **wanted)]

    hour = timedelta(hours=1)
    assert ["m-3", "m-2", "m-1"] == await ids()
    assert ["m-2", "m-1"] == await ids(until=TEN + 2 * hour)
    assert ["m-3", "m-2"] == await ids(since=TEN + hour)
    assert ["m-3", "m-1"] == await ids(agent=AgentName("baba"))
    assert ["m-2"] == await ids(outcome="abandoned")
    assert [] == await ids(outcome="abandoned", agent=AgentName("baba"))
    assert ["m-3"] == await ids(most=1)


@pytest.mark.usefixtures("three_calls")
async def test_earlier_calls_of_a_number_are_what_the_screen_pop_shows(pool: Pool) -> None:
    assert [
        ("m-2", TEN + timedelta(hours=1), "abandoned", None),
        ("m-1", TEN, "answered", "baba"),
    ] == [
        (call.id, call.at, call.outcome, call.agent)
        for call in (await history.of_caller(pool, "+81312345678", TEN)).calls
    ]
    assert history.KnownCaller((), None) == await history.of_caller(pool, "+81300000000", TEN)


@pytest.mark.usefixtures("three_calls")
async def test_the_last_operator_of_a_caller_is_remembered_for_a_time(pool: Pool) -> None:
    in_time = await history.of_caller(pool, "+81312345678", TEN)
    too_late = await history.of_caller(pool, "+81312345678", TEN + timedelta(seconds=1))
    assert ("baba", None) == (in_time.last_agent, too_late.last_agent)
    assert in_time.calls == too_late.calls


async def test_a_call_that_never_was_has_no_record_and_an_empty_timeline(pool: Pool) -> None:
    assert await history.call(pool, CallId("m-9")) is None
    assert [] == await history.timeline(pool, CallId("m-9"))


async def test_the_queue_log_is_in_time_order_and_knows_who_was_signed_in_before(
    pool: Pool, tell: Tell
) -> None:
    def state(second: float, name: str) -> Record:
        return Record(
            "agent:baba", Instant(TEN_O_CLOCK + second), "agent.state", {"state": name, "reason": "lunch"}
        )

    records = [state(-600, "ready"), *after_the_call(answered_call("m-1")).records, state(400, "paused")]
    await tell(sorted(records, key=lambda record: record.at))
    log = await history.queue_log(
        pool, TEN, TEN + timedelta(hours=1), {AgentName("baba"): [QueueName("booking")]}
    )
    assert [
        "1798419608|m-1|booking|NONE|ENTERQUEUE||+81312345678|3",
        "1798419630|m-1|booking|aoki|RINGNOANSWER|19800",
        "1798419633|m-1|booking|baba|CONNECT|25|leg-2|2",
        "1798419723|m-1|booking|baba|COMPLETECALLER|25|90|3",
        "1798420000|NONE|NONE|baba|PAUSEALL|",
        "1798420000|NONE|booking|baba|PAUSE|lunch",
    ] == log


PLANS = [
    ("history", "of_caller", ("+81312345678", 5, datetime.now(JST) - timedelta(days=7)), "calls_by_caller"),
    ("history", "call", ("m-1",), "calls_pk"),
    ("history", "timeline", ("call:m-1",), "journal_pk"),
    ("journal", "journals_of_ended_calls", (["call:m-1", "call:m-2"],), "journal_ended_calls"),
    ("recordings", "to_measure", (5,), "recordings_to_measure"),
]


async def test_what_stands_on_a_path_reads_an_index_and_never_a_whole_table(pool: Pool) -> None:
    """The planner's real choice, with 20,000 calls of 2,000 callers."""
    await pool.execute(MANY_CALLS)
    await pool.execute(MANY_ENTRIES)
    await pool.execute(MANY_RECORDINGS)
    await pool.execute("ANALYZE calls, journal, recordings")
    for area, name, arguments, index in PLANS:
        rows = await pool.fetch("EXPLAIN " + statements(area)[name], *arguments)
        plan = "\n".join(row[0] for row in rows)
        assert index in plan, name
        assert "Seq Scan" not in plan, name


MANY_CALLS = """
INSERT INTO calls (id, caller, started_at, connected_at, ended_at, outcome, ended_by, agent, menu_path,
                   offers, reservations, recovered)
SELECT 'm-' || n, '+81' || n % 2000, at, at, at, 'answered', 'caller', 'a' || n % 20, '{}', '[]', '{}', false
FROM generate_series(1, 20000) AS n, LATERAL (SELECT now() - n * interval '1 minute') AS moment (at)
"""
MANY_ENTRIES = """
INSERT INTO journal (stream, spool, seq, at, kind, data)
SELECT 'call:m-' || n, 1, seq, now(), CASE seq WHEN 5 THEN 'call.ended' ELSE 'menu.key' END, '{}'
FROM generate_series(1, 10000) AS n, generate_series(1, 5) AS seq
"""
MANY_RECORDINGS = """
INSERT INTO recordings (call_id, file, sha256, bytes, seconds)
SELECT id, id, measured.sha256, measured.one, measured.one
FROM calls, LATERAL (
    SELECT CASE id WHEN 'm-1' THEN NULL ELSE repeat('0', 64) END, CASE id WHEN 'm-1' THEN NULL ELSE 1 END
) AS measured (sha256, one)
"""
