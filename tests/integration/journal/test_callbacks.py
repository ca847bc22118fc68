"""Callbacks in PostgreSQL: one record for each that was attempted, tied to the call that asked; none else."""

from pathlib import Path

from storage import Pool
from telephony import history
from telephony.model.ids import CallId
from telephony.spool import Spool
from tests.integration.journal.conftest import Tell
from tests.journal_samples import TEN_O_CLOCK, Script


def requested(callback: str, asked_by: str) -> Script:
    """Return the beginning of a callback's journal."""
    return Script(callback).at(
        0,
        "callback.requested",
        number="+819012345678",
        asked_by=asked_by,
        asked_from="+819012345678",
        dialled="+81120123456",
        queue="booking",
        since=TEN_O_CLOCK - 20,
        priority=0,
        due_by=TEN_O_CLOCK + 7_200,
    )


def asking(call: str, callback: str) -> Script:
    """Return the journal of the call in which *callback* was asked for."""
    return (
        Script(call)
        .at(0, "call.arrived", caller="+819012345678", dialled="+81120123456", sip_call_id=f"sip-{call}")
        .at(9, "callback.promised", callback=callback)
        .at(12, "call.ended", outcome="callback_requested", ended_by="system", reason=None, recovered=False)
    )


def ended(script: Script, outcome: str, reason: str | None = None) -> Script:
    return script.at(
        90, "call.ended", outcome=outcome, ended_by="caller", reason=reason, queue="booking", recovered=False
    )


async def test_both_records_name_each_other(pool: Pool, tell: Tell) -> None:
    kept = (
        requested("cb-1", "m-1")
        .at(60, "callback.attempted", attempt=1, offer="1", agent="aoki")
        .at(61, "callback.rang", attempt=1, leg="x", sip_call_id="sip-out")
        .at(65, "callback.reached", attempt=1)
        .at(65, "call.connected", offer="1", agent="aoki", queue="booking", waited_s=85.0)
    )
    await tell([*asking("m-1", "cb-1").records, *ended(kept, "answered").records])
    asked, called = await history.call(pool, CallId("m-1")), await history.call(pool, CallId("cb-1"))
    assert asked is not None
    assert called is not None
    assert ("inbound", "cb-1", None) == (asked.direction, asked.callback, asked.callback_of)
    assert ("outbound", "m-1", 1) == (called.direction, called.callback_of, called.attempts)
    assert ("sip-out", "aoki", 85.0) == (called.sip_call_id, called.agent, called.waited_s)


async def test_a_promise_that_was_taken_back_unattempted_is_no_call(pool: Pool, tell: Tell) -> None:
    await tell(ended(requested("cb-2", "m-2"), "failed", "cancelled: on request").records)
    assert await history.call(pool, CallId("cb-2")) is None
    assert ["callback.requested", "call.ended"] == [
        entry.kind for entry in await history.timeline(pool, CallId("cb-2"))
    ]


async def test_an_open_promise_stays_in_the_spool_after_it_was_carried_over(
    tell: Tell, spool_file: Path
) -> None:
    await tell(requested("cb-3", "m-3").records)
    assert ["callback.requested"] == [e.kind for e in Spool(spool_file).unfinished()[CallId("cb-3")]]
