"""What the dialogue by keypad asks the booking, and what the booking answers (R5). Data only.

Seats that were read out are kept for the call by the booking itself; the dialogue never names a hold.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from telephony.model.ids import Instant


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a caller says to be: a *notice* number (digits), or *phone* and *birth_date*.

    *phone* is national digits or E.164 and also how the citizen is reached; None when nobody knows it.
    """

    notice: str | None
    phone: str | None
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation as it is read out: nine digits; *venue* and *service* as the plan names them."""

    number: str
    venue: str
    service: str
    starts_at: Instant
    people: int = 1


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot with a seat that is kept for this call. *slot* is the booking's own name for it."""

    slot: str
    venue: str
    starts_at: Instant


# --- questions -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookUp:
    """Which reservation to come has this citizen?"""

    identity: Identity


class Next(StrEnum):
    """Which slot is wanted after the one that was read out."""

    TIME = "time"
    DAY = "day"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep seats in the first free slot for *service*, or in the next one *after* what was read out."""

    service: str
    people: int = 1
    after: FreeSlot | None = None
    by: Next = Next.TIME


@dataclass(frozen=True, slots=True)
class Book:
    """Make the reservation in the slot that is kept. *caller* is the number that the call came from."""

    identity: Identity
    slot: FreeSlot
    caller: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """Move this reservation into the slot that is kept."""

    reservation: Reservation
    slot: FreeSlot


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel this reservation."""

    reservation: Reservation


Question = LookUp | Keep | Book | Move | Cancel
WRITES = (Book, Move, Cancel)


# --- answers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What `LookUp` found; None: no reservation to come."""

    reservation: Reservation | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What `Keep` found; None: nothing is free there."""

    slot: FreeSlot | None


@dataclass(frozen=True, slots=True)
class Done:
    """The reservation as it is now."""

    reservation: Reservation


@dataclass(frozen=True, slots=True)
class Gone:
    """Not possible any more: the seat or the reservation as it was read out is gone; nothing was changed."""


@dataclass(frozen=True, slots=True)
class MyNumber:
    """A My Number was typed for a notice number; it is neither asked for nor kept (R20)."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The booking cannot be reached or refuses; of one that writes nobody knows whether it was done."""


Answer = Known | Kept | Done | Gone | MyNumber | NoAnswer


# --- the dialogue ----------------------------------------------------------------------------------------


class Talk(StrEnum):
    """Where a caller is in the dialogue."""

    OFFER = "offer"
    """Outside hours: whether he or she wants to use it."""

    NOTICE = "notice"
    PHONE = "phone"
    BIRTH = "birth"
    FOUND = "found"
    SLOT = "slot"
    CANCEL = "cancel"


@dataclass(slots=True)
class SelfService:
    """The dialogue of one call. *pending* is the question that the booking has not answered yet.

    *digits* are those typed so far, *looked_up* counts who was asked for, *gone* what others took meanwhile,
    *asked* numbers the questions; *told* says that the caller knows that one takes its time. *remark* is said
    before the next question.
    """

    talk: Talk
    after_hours: bool = False
    digits: str = ""
    mistakes: int = 0
    notice: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    looked_up: int = 0
    reservation: Reservation | None = None
    slot: FreeSlot | None = None
    gone: int = 0
    asked: int = 0
    pending: Question | None = None
    told: bool = False
    remark: str | None = None

    @property
    def identity(self) -> Identity:
        """What the caller has told."""
        return Identity(self.notice, self.phone, self.birth_date)
