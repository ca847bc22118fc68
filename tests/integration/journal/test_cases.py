"""Cases from the journal, and voice messages from where Asterisk wrote them, on a real PostgreSQL."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from agents.roles import Role
from booking.cases.desk import Cases
from booking.cases.wishes import CaseQuery
from booking.shapes import Actor
from config.schema import CaseKind
from storage import Pool
from telephony.archive import deposit
from telephony.record import JST
from telephony.recordings import Recordings
from telephony.spool import Spool
from tests.integration.journal.conftest import Tell
from tests.journal_samples import TEN_O_CLOCK, Script
from tests.unit.journal.test_recordings import wav
from tests.unit.model.plans import plan

FILE = "2026/12/28/m-1.1-message.wav"
CHIEF = Actor("tanaka", Role.SUPERVISOR)
NOON = datetime(2026, 12, 28, 12, 0, tzinfo=JST)


async def cases(pool: Pool, **query: str) -> list[dict[str, Any]]:
    """Return what is shown of the cases at noon."""
    desk = Cases(pool, plan, lambda: NOON)
    return await desk.find(CaseQuery.model_validate(query), CHIEF)


def left_message(call: str, caller: str | None = "+819012345678") -> Script:
    """Somebody waits for half a minute and leaves a message."""
    return (
        Script(call)
        .at(0, "call.arrived", caller=caller, dialled="+81120123456", sip_call_id="x", number="main")
        .at(8, "queue.entered", queue="booking", priority=0, position=3)
        .at(38, "queue.left", queue="booking", reason="message")
        .at(45, "message.started", file=FILE)
        .at(60, "message.kept", file=FILE, seconds=12.0)
        .at(
            60,
            "case.opened",
            case="message",
            caller=caller,
            due_at=TEN_O_CLOCK + 86_460,
            summary="伝言 12秒",
            details={"file": FILE, "seconds": 12.0, "queue": "booking"},
        )
        .at(62, "call.ended", outcome="message_left", ended_by="system", reason=None, queue="booking")
    )


async def test_an_entry_is_one_case_however_often_it_is_carried_over(pool: Pool, spool_file: Path) -> None:
    spool = Spool(spool_file)
    spool.append(left_message("m-1.1").records)
    rows = spool.not_drained(1_000).rows
    async with pool.acquire() as connection:
        await deposit(connection, spool.begun_ms, rows)
        await deposit(connection, spool.begun_ms, rows)
    spool.close()
    (case,) = await cases(pool)
    assert case == {
        "number": "C1001",
        "kind": "message",
        "kind_title": "伝言",
        "call": "m-1.1",
        "caller": "+819012345678",
        "caller_written": "090-1234-5678",
        "state": "open",
        "state_title": "未確認",
        "waits_for": "centre",
        "opened_at": "2026-12-28T10:01:00.000+09:00",
        "opened_by": None,
        "due_at": "2026-12-29T10:01:00.000+09:00",
        "overdue": False,
        "escalated": 0,
        "summary": "伝言 12秒",
        "details": {"file": FILE, "queue": "booking", "seconds": 12.0},
        "recording": {"file": FILE, "sha256": None, "seconds": None},
        "version": 1,
    }
    assert await pool.fetchval("SELECT count(*) FROM case_mails WHERE reason = 'opened'") == 1


async def test_cases_are_found_by_kind_and_state(tell: Tell, pool: Pool) -> None:
    await tell(left_message("m-1.1").records)
    assert len(await cases(pool, kind=CaseKind.MESSAGE, state="open")) == 1
    assert await cases(pool, kind=CaseKind.COMPLAINT) == []
    assert await cases(pool, state="done") == []


async def test_a_message_is_fetched_measured_and_belongs_to_call_and_case(
    tell: Tell, pool: Pool, tmp_path: Path
) -> None:
    messages, folder = tmp_path / "messages", tmp_path / "recordings"
    messages.mkdir()
    folder.mkdir()
    await tell(left_message("m-1.1", caller=None).records)
    job = Recordings(folder, messages, pool)
    assert await job.once() == 0

    (messages / "m-1.1-message.wav").write_bytes(wav(12))
    await pool.execute("UPDATE recordings SET due_at = now()")
    assert await job.once() == 1
    assert not list(messages.iterdir())
    (case,) = await cases(pool)
    assert hashlib.sha256((folder / FILE).read_bytes()).hexdigest() == case["recording"]["sha256"]
    assert case["recording"]["seconds"] == 12.0
