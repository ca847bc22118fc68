"""Writes into a call's journal what was done in it for the citizen (`booking.ports.Calls`)."""

from collections.abc import Mapping
from typing import Any

from agents.ports import Centre, Records
from booking.shapes import Who
from telephony.entries import stream_of
from telephony.model.commands import Record
from telephony.model.ids import CallId
from telephony.ports import Journal


class CallNotes:
    """Live calls are known to the engine, those that ended to the database."""

    def __init__(self, centre: Centre, journal: Journal, records: Records) -> None:
        self._centre, self._journal, self._records = centre, journal, records

    async def is_of(self, call: str, who: Who) -> bool:
        """Return whether there is such a call, and *who* is its operator or no operator at all."""
        view = self._centre.call_view(CallId(call))
        if view is not None:
            operator = view.agent
        else:
            record = await self._records.one(CallId(call))
            if record is None:
                return False
            operator = record.get("agent")
        return operator in {None, who.user} or who.sees_all_calls

    def note(self, call: str, reservation: str) -> None:
        """Add an entry to the call's journal; the record is folded from it."""
        self._write(call, "call.reserved", {"reservation": reservation})

    async def caller_of(self, call: str) -> str | None:
        """Return who called, in E.164; None for a withheld number."""
        view = self._centre.call_view(CallId(call))
        if view is not None:
            return view.caller
        record = await self._records.one(CallId(call))
        return None if record is None else record.get("caller")

    def note_case(self, call: str, case: str) -> None:
        """Add that a case was opened."""
        self._write(call, "call.case_opened", {"case": case})

    def note_answer(self, call: str, number: str, version: int) -> None:
        """Add that an agreed answer was given."""
        self._write(call, "call.answer_given", {"number": number, "version": version})

    def note_referral(self, call: str, referral: str, how: str) -> None:
        """Add to whom the caller was referred."""
        self._write(call, "call.referred", {"referral": referral, "how": how})

    def write_down(self, call: str, by: str, text: str) -> None:
        """Add what *by* noted; the newest entry is the note that is shown."""
        self._write(call, "call.noted", {"agent": by, "text": text})

    def _write(self, call: str, kind: str, data: Mapping[str, Any]) -> None:
        self._journal.write(Record(stream_of(CallId(call)), self._centre.now(), kind, data))
