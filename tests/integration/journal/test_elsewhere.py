"""A controller takes over on another machine: its spool knows nothing, PostgreSQL what was carried over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import Pool, open_pool
from telephony import callback_recovery, elsewhere, history
from telephony.drain import Drain
from telephony.journal import Journal
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, Instant
from telephony.recovery import Snapshot
from telephony.spool import Spool
from tests.integration.journal.conftest import Tell
from tests.journal_samples import Script, answered_call
from tests.postgres_fixture import Cluster

NOW = datetime.now(UTC).timestamp()


def waiting(call: str, since: float = NOW - 60) -> Script:
    """Return the journal of somebody who stands in line."""
    return (
        Script(call, since)
        .at(0, "call.arrived", caller="+819012345678", dialled="+81120123456", sip_call_id=f"sip-{call}")
        .at(8, "queue.entered", queue="booking", priority=0, position=1)
    )


def state(agent: str, at: float, state: str) -> Record:
    return Record(f"agent:{agent}", Instant(at), "agent.state", {"state": state})


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Journal]:
    """The journal of this machine, which is new."""
    journal = Journal(tmp_path / "here" / "spool.sqlite")
    yield journal
    await journal.close()


async def test_open_calls_are_found_with_all_that_was_written(pool: Pool, tell: Tell, here: Journal) -> None:
    await tell([*waiting("m-1.1").records, *answered_call("m-1.2", NOW - 300).records])
    found = await elsewhere.open_calls(pool, here)
    assert [CallId("m-1.1")] == list(found)
    assert ["call.arrived", "queue.entered"] == [entry.kind for entry in found[CallId("m-1.1")]]


async def test_an_outreach_call_that_is_up_is_found_as_well(pool: Pool, tell: Tell, here: Journal) -> None:
    asked = {"outreach": 7, "number": "+81598534000", "agent": "abe", "dialled": "+81120123456"}
    await tell(Script("or-7", NOW - 60).at(0, "outreach.requested", **asked).records)
    found = await elsewhere.open_calls(pool, here)
    assert ["outreach.requested"] == [entry.kind for entry in found[CallId("or-7")]]


async def test_a_call_that_this_machine_knows_is_its_own_affair(
    pool: Pool, tell: Tell, here: Journal
) -> None:
    """It may have ended here a moment ago, which PostgreSQL has not been told."""
    await tell(waiting("m-1.1").records)
    here.write(*waiting("m-1.1").at(60, "call.ended", outcome="abandoned", ended_by="caller").records)
    await here.flush()
    assert {} == await elsewhere.open_calls(pool, here)


async def test_what_began_long_ago_is_not_up_any_more(pool: Pool, tell: Tell, here: Journal) -> None:
    await tell(waiting("m-1.1", NOW - 8 * 86_400).records)
    assert {} == await elsewhere.open_calls(pool, here)


async def test_operators_are_what_they_were_last_on_either_machine(
    pool: Pool, tell: Tell, here: Journal
) -> None:
    await tell([state("abe", NOW - 20, "ready"), state("baba", NOW - 20, "ready")])
    here.write(state("baba", NOW - 10, "paused"), state("chiba", NOW - 30, "ready"))
    await here.flush()
    found = await elsewhere.latest_of_agents(pool, here)
    assert {"abe": "ready", "baba": "paused", "chiba": "ready"} == {
        agent: entry.data["state"] for agent, entry in found.items()
    }


async def test_without_a_database_this_machine_knows_what_it_knows(
    private_postgres: Cluster, here: Journal
) -> None:
    private_postgres.stop()
    pool = await open_pool(private_postgres.url, name="test")
    here.write(state("abe", NOW, "ready"))
    await here.flush()
    assert {} == await elsewhere.open_calls(pool, here)
    assert [AgentName("abe")] == list(await elsewhere.latest_of_agents(pool, here))
    await pool.close()
    private_postgres.start()


async def test_a_call_that_went_on_here_has_one_record_of_both_parts(
    pool: Pool, tell: Tell, tmp_path: Path
) -> None:
    """This machine's spool is older than the other one's, and still its entries come last."""
    older = Spool(tmp_path / "older.sqlite")
    await tell(waiting("m-1.1").records)
    rest = (
        Script("m-1.1", NOW - 60)
        .at(30, "call.connected", offer="1", agent="abe", queue="booking", waited_s=22.0)
        .at(50, "call.talk_ended", agent="abe", talked_s=20.0)
        .at(50, "call.ended", outcome="answered", ended_by="caller", queue="booking", recovered=False)
    )
    older.append(rest.records)
    await Drain(tmp_path / "older.sqlite", pool).all()
    record = await history.call(pool, CallId("m-1.1"))
    assert record is not None
    assert ("answered", "abe", 22.0, "sip-m-1.1") == (
        record.outcome,
        record.agent,
        record.waited_s,
        record.sip_call_id,
    )
    kinds = [entry.kind for entry in await history.timeline(pool, CallId("m-1.1"))]
    assert ["call.arrived", "queue.entered", "call.connected", "call.talk_ended", "call.ended"] == kinds


def promise(call: str, since: float) -> Script:
    """Return the journal of a callback that stands in line."""
    asked = {"number": "+819012345678", "asked_by": "m-1.1", "asked_from": None, "dialled": "+81120123456"}
    place = {"queue": "booking", "since": since, "priority": 0, "due_by": since + 3_600}
    return Script(call, since).at(0, "callback.requested", **asked, **place)


async def test_a_callback_that_was_kept_on_another_machine_is_not_open_here_any_more(
    pool: Pool, tell: Tell, here: Journal
) -> None:
    """Race: promised here, this machine's controller died, and the other one called the citizen."""
    here.write(*promise("cb-7", NOW - 60).records)
    await here.flush()
    reached = Script("cb-7", NOW - 30)
    reached.at(0, "callback.attempted", attempt=1, offer="8", agent="abe").at(
        5, "callback.reached", attempt=1
    )
    await tell(reached.at(20, "callback.done", result="reached", reason=None).records)
    ours = await here.unfinished()
    found = await elsewhere.continued(pool, here, ours)
    (taken_over,) = callback_recovery.adopted(Snapshot((), ()), {}, found, {})
    assert ("reached", 1) == (taken_over.done, taken_over.attempts)
    assert ours == await elsewhere.continued(None, here, ours), (
        "without the database it is what is known here"
    )


async def test_a_call_that_nobody_else_drove_is_what_it_was(pool: Pool, here: Journal) -> None:
    here.write(*waiting("m-1.1").records)
    await here.flush()
    ours = await here.unfinished()
    assert ours == await elsewhere.continued(pool, here, ours)
