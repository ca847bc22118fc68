"""What each call counts as, on the real PostgreSQL."""

import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from config.schema import Queue
from storage import Pool
from telephony.figures import Tally, tally
from tests.call_rows import TEN, Row, insert

OUTCOMES = (
    "answered",
    "abandoned",
    "short_abandoned",
    "callback_requested",
    "self_service",
    "message_left",
    "guided",
    "closed",
    "emergency",
    "refused",
    "failed",
)
BY_VOICE = {"callback_requested", "self_service", "message_left", "guided"}
LEVELS = {"booking": 20.0, "card": 30.0}
QUEUES = [cast("Queue", SimpleNamespace(name=name, service_level_s=s)) for name, s in LEVELS.items()]


CASES = {
    Row("answered", 12, agent="aoki"): "reached offered answered",
    Row("abandoned", 42): "reached offered abandoned",
    Row("abandoned"): "reached offered abandoned",
    Row("short_abandoned", 2): "reached short_abandoned",
    Row("self_service", 60): "reached offered by_voice",
    Row("self_service", after_hours=True): "outside",
    Row("callback_requested", 90): "reached offered by_voice",
    Row("callback_requested", after_hours=True): "outside",
    Row("message_left", 90): "reached offered by_voice",
    Row("guided", 90): "reached offered by_voice",
    Row("closed"): "outside",
    Row("closed", 600): "reached offered",
    Row("emergency"): "outside",
    Row("emergency", 5): "reached offered",
    Row("refused"): "",
    Row("failed"): "reached offered",
    Row("answered", 300, agent="aoki", callback_of="x"): "called_back",
    Row("abandoned", 300, callback_of="x"): "",
    Row("answered", agent="aoki", outreach=7): "",
    Row("failed", outreach=8): "",
}
"""What one call of each kind counts as."""

COUNTS = (
    "reached",
    "offered",
    "answered",
    "abandoned",
    "short_abandoned",
    "by_voice",
    "outside",
    "called_back",
)
HOUR = timedelta(hours=1)


async def counted(pool: Pool, *rows: Row) -> Tally:
    await insert(pool, rows)
    return await tally(pool, TEN, TEN + HOUR, QUEUES)


async def test_each_call_counts_as_what_it_was(pool: Pool) -> None:
    """Each in an hour of its own, so that one database does for all."""
    hours = [TEN + place * HOUR for place in range(len(CASES))]
    await insert(pool, [replace(row, at=hour) for row, hour in zip(CASES, hours, strict=True)])
    found = [await tally(pool, hour, hour + HOUR, QUEUES) for hour in hours]
    assert list(CASES.values()) == [" ".join(name for name in COUNTS if getattr(one, name)) for one in found]


async def test_no_report_about_calls_has_an_outreach_call_among_them(pool: Pool) -> None:
    """Reports count rows of the view by outcome, operator and queue, whatever each counts as."""
    await insert(pool, [Row("answered", agent="aoki", outreach=7), Row("answered", 3, agent="aoki")])
    assert [row["id"] for row in await pool.fetch("SELECT id FROM counted_calls")] == ["row-1"]


async def test_the_service_level_is_each_queue_s_own(pool: Pool) -> None:
    found = await counted(
        pool,
        Row("answered", 20, queue="booking", agent="aoki"),
        Row("answered", 21, queue="booking", agent="aoki"),
        Row("answered", 30, queue="card", agent="aoki"),
        Row("abandoned", 10, queue="card"),
        Row("short_abandoned", 1, queue="card"),
        Row("abandoned"),
    )
    assert (4, 2, 50.0, 30.0) == (found.queued, found.in_time, found.service_level, found.longest_wait_s)


async def test_random_calls_are_counted_as_by_hand(pool: Pool) -> None:
    chance = random.Random(5)
    rows = [_any_row(chance) for _ in range(400)]
    found = await counted(pool, *rows)
    hour = [row for row in rows if TEN <= row.at < TEN + HOUR and row.callback_of is None]
    inside = [row for row in hour if not _outside(row) and row.outcome != "refused"]
    offered = [row for row in inside if row.outcome != "short_abandoned"]
    queued = [row for row in offered if row.waited_s is not None]
    in_time = [row for row in queued if row.agent and (row.waited_s or 0) <= LEVELS[row.queue or ""]]
    assert found.reached == len(inside)
    assert found.offered == len(offered)
    assert found.answered == sum(row.agent is not None for row in offered)
    assert found.by_voice == sum(row.outcome in BY_VOICE for row in offered)
    assert found.outside == sum(_outside(row) for row in hour)
    assert (found.queued, found.in_time) == (len(queued), len(in_time))


def _any_row(chance: random.Random) -> Row:
    outcome = chance.choice(OUTCOMES)
    waited: Any = None if chance.random() < 0.3 else chance.uniform(0, 60)
    return Row(
        outcome,
        0.0 if outcome == "answered" and waited is None else waited,
        at=TEN + timedelta(minutes=chance.randrange(-30, 90)),
        queue=chance.choice(list(LEVELS)),
        agent="aoki" if outcome == "answered" else None,
        callback_of="asked" if chance.random() < 0.1 else None,
        after_hours=chance.random() < 0.2,
    )


def _outside(row: Row) -> bool:
    never_waited = row.agent is None and row.waited_s is None
    return never_waited and (row.after_hours or row.outcome in {"closed", "emergency"})
