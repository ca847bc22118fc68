"""Cases: what is left to do for a citizen after a call. Reads PostgreSQL; the worker opens them.

A case begins as the journal's entry ``case.opened`` (``telephony.model.facts``), so it is in the spool before
anybody is told that it is, and becomes a row in the transaction that carries the entry over.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg

from storage import Pool, statements
from telephony.model.ids import CallId
from telephony.record import RecordingRecord, iso

SQL = statements("cases")
READING_S = 20.0


class CaseKind(StrEnum):
    """What a case is about."""

    CITY_CALLBACK = "city_callback"
    COMPLAINT = "complaint"
    MESSAGE = "message"
    CALLBACK_FAILED = "callback_failed"
    DELIVERY_FAILED = "delivery_failed"


class CaseState(StrEnum):
    """How far it is."""

    OPEN = "open"
    SEEN = "seen"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. *recording* is set for a voice message; *details* depend on the kind."""

    number: str
    kind: CaseKind
    call: CallId | None
    caller: str | None
    state: CaseState
    opened_at: datetime
    due_at: datetime | None
    summary: str
    details: Mapping[str, Any]
    recording: RecordingRecord | None

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md."""
        return {
            "number": self.number,
            "kind": self.kind.value,
            "call": self.call,
            "caller": self.caller,
            "state": self.state.value,
            "opened_at": iso(self.opened_at),
            "due_at": None if self.due_at is None else iso(self.due_at),
            "summary": self.summary,
            "details": dict(self.details),
            "recording": None if self.recording is None else self.recording.as_json(),
        }


async def cases(
    pool: Pool, *, kind: CaseKind | None = None, state: CaseState | None = None, most: int = 1_000
) -> list[Case]:
    """Return cases, newest first. Raises TimeoutError, or one of ``storage.PASSING``."""
    async with asyncio.timeout(READING_S):
        rows = await pool.fetch(SQL["cases"], kind, state, most)
    return [_case(row) for row in rows]


def _case(row: "asyncpg.Record") -> Case:
    file = row["file"] or row["details"].get("file")
    return Case(
        number=row["number"],
        kind=CaseKind(row["kind"]),
        call=None if row["call_id"] is None else CallId(row["call_id"]),
        caller=row["caller"],
        state=CaseState(row["state"]),
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        summary=row["summary"],
        details=row["details"],
        recording=RecordingRecord(file, row["sha256"], row["seconds"]) if file else None,
    )
