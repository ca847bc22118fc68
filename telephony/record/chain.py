"""A call as one chain: who talked with the caller, from when to when, and why they came to (R8, R14).

Folded from the call's journal like its record, and as tolerant. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telephony.entries import Entry
from telephony.record.book import text
from telephony.record.shape import JST, iso

QUEUE, TRANSFER, RETURNED, TAKEOVER = "queue", "transfer", "returned", "takeover"


@dataclass(frozen=True, slots=True)
class Leg:
    """One talk. *who* is an operator's name, or with *outside* that of a place of the referral list.

    *why* is ``queue`` (chosen by the distribution), ``transfer``, ``returned`` (nobody took the transfer) or
    ``takeover``; *until* is None while they talk.
    """

    who: str
    outside: bool
    why: str
    since: datetime
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values, times in JST."""
        until = None if self.until is None else iso(self.until)
        shown = {"who": self.who, "outside": self.outside, "why": self.why}
        return {**shown, "since": iso(self.since), "until": until}


def chain(entries: Iterable[Entry]) -> tuple[Leg, ...]:
    """Return the legs of the call whose *entries* these are, in order."""
    legs: list[Leg] = []
    why = QUEUE
    for entry in entries:
        if entry.kind in _ENDS and legs and legs[-1].until is None:
            legs[-1] = replace(legs[-1], until=_time(entry))
        if entry.kind in _BEGINS:
            whose, outside, reason = _BEGINS[entry.kind]
            if entry.data.get("invited_by"):
                reason = TRANSFER
            legs.append(Leg(text(entry.data, whose) or "", outside, reason or why, _time(entry)))
        why = _REASONS.get(entry.kind, why)
        if entry.kind == "call.transfer_failed" and entry.data.get("returning"):
            why = TRANSFER
    return tuple(legs)


def _time(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.at, JST)


_BEGINS: Mapping[str, tuple[str, bool, str | None]] = {
    "call.connected": ("agent", False, None),
    "call.taken_over": ("agent", False, TAKEOVER),
    "referral.answered": ("referral", True, TRANSFER),
}
"""What begins a talk: whose name it carries, whether that is outside, and why if that is certain."""

_ENDS = frozenset({"call.talk_ended", "call.taken_over", "referral.ended", "call.ended"})
_REASONS = {"call.connected": QUEUE, "call.transferred": TRANSFER, "call.transfer_failed": RETURNED}
