"""What can be wrong with what an operator asks for, in sentences for that operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BookingError(Exception):
    """Nothing was changed. *code* is for programs; *more* is shown beside the sentence."""

    code = "refused"

    def __init__(self, sentence: str, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.more = more or {}


class NotThere(BookingError):
    """There is no such reservation, hold or entry."""

    code = "not-found"


class SlotFull(BookingError):
    """Not enough seats are left; *more* has the next slot that has them, if there is one."""

    code = "slot-full"


class SlotClosed(BookingError):
    """The slot cannot be booked (any more): closed, past, too soon or too far ahead for this channel."""

    code = "slot-closed"


class HoldGone(BookingError):
    """The hold has run out or somebody else has taken it over."""

    code = "hold-gone"


class Duplicate(BookingError):
    """The citizen has a reservation already; *more* shows it."""

    code = "duplicate"


class NotPossible(BookingError):
    """The state of the reservation does not allow it."""

    code = "not-possible"


class NotAllowed(BookingError):
    """The role of whoever asks may not do this with this thing."""

    code = "not-allowed"


class ChangedMeanwhile(BookingError):
    """Somebody else changed it after it was read; *more* has what it is now."""

    code = "changed-meanwhile"


class KeyReused(BookingError):
    """The Idempotency-Key belongs to another request."""

    code = "key-reused"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field that is wrong: its name, and a sentence."""

    field: str
    detail: str


class Invalid(BookingError):
    """Some fields are wrong; all are named at once."""

    code = "invalid"

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__(" ".join(dict.fromkeys(fault.detail for fault in faults)))
        self.faults = faults
