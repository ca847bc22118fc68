"""A call's record: what docs/interface.md shows of a call, folded from the call's journal entries.

Tolerant: a journal with missing pieces gives a record with honest nulls, never an error. Times are aware
(JST), durations are seconds.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from telephony.model.ids import AgentName, CallId, QueueName

JST = ZoneInfo("Asia/Tokyo")
INBOUND, OUTBOUND = "inbound", "outbound"


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One ringing of one operator. *result* is None as long as it rings."""

    agent: AgentName
    at: datetime
    result: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md."""
        return {"agent": self.agent, "at": iso(self.at), "result": self.result}


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """The sound file; *sha256* and *seconds* are None until it was measured."""

    file: str
    sha256: str | None = None
    seconds: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md."""
        return {"file": self.file, "sha256": self.sha256, "seconds": self.seconds}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """Everything about one call.

    *answered_at* is when we answered the trunk leg, *connected_at* when an operator was first connected.
    *direction* is ``outbound`` for a callback: there *started_at* is when it was asked for, *callback_of* the
    call in which it was, *attempts* how often the citizen's phone was rung, and *sip_call_id* is that of the
    last attempt. *callback* is the callback that was promised in this call. An outreach call is ``outbound``,
    too: there *outreach* is its row in the list of those calls, and *caller* is who was called.
    *waited_s* is None for a caller who never stood in line; the durations of talk are None for a caller whom
    no operator spoke to. While the call is live, *ended_at*, *outcome* and *ended_by* are None.
    """

    id: CallId
    started_at: datetime
    sip_call_id: str | None = None
    caller: str | None = None
    dialled: str | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    ended_by: str | None = None
    reason: str | None = None
    queue: QueueName | None = None
    menu_path: tuple[str, ...] = ()
    agent: AgentName | None = None
    waited_s: float | None = None
    talked_s: float | None = None
    held_s: float | None = None
    acw_s: float | None = None
    offers: tuple[OfferRecord, ...] = ()
    disposition: str | None = None
    recording: RecordingRecord | None = None
    reservations: tuple[str, ...] = ()
    recovered: bool = False
    direction: str = INBOUND
    callback: CallId | None = None
    callback_of: CallId | None = None
    attempts: int = 0
    outreach: int | None = None

    @property
    def was_placed(self) -> bool:
        """Whether there was a call at all: one of ours that was given up before any attempt was none."""
        return self.direction == INBOUND or self.attempts > 0

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md, as plain values."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def iso(moment: datetime) -> str:
    """Return *moment* in JST, to the millisecond: ``2026-12-28T10:00:00.000+09:00``."""
    return moment.astimezone(JST).isoformat(timespec="milliseconds")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, OfferRecord | RecordingRecord):
        return value.as_json()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
