"""A booking in memory for whoever books by keypad: seats that are kept for a call, and reservations.

It outlives every controller, as PostgreSQL does, and refuses what the real one refuses: a seat that is not
kept for the call, one that somebody else has.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from telephony.model import self_booking as sb
from telephony.model.commands import AskBooking, Errand, ForgetBooking
from telephony.model.events import BookingAnswered
from telephony.model.ids import CallId, Instant

FIRST = Instant(1_796_601_600.0)
"""2026-12-07 09:00 in Japan."""

SLOTS, SLOT_S, FIRST_NUMBER = 3, 1_800, 123_456_000


AFTERWARDS_S = 0.001
"""Of two deeds of the same instant a loop does any one first."""


def at_once() -> float | None:
    """Answer in a moment."""
    return 0.02


@dataclass
class TownBooking:
    """See above. *slowness* says after how many seconds it answers; None: never.

    *reservations*: who has each number, and in which slot. *written*: the calls in which one was changed.
    """

    slowness: Callable[[], float | None] = at_once
    held: dict[CallId, sb.FreeSlot] = field(default_factory=dict)
    reservations: dict[str, tuple[sb.Identity, sb.FreeSlot]] = field(default_factory=dict)
    written: set[CallId] = field(default_factory=set)
    _busy_until: dict[CallId, float] = field(default_factory=dict)

    def run(self, errand: Errand, submit: Callable[[BookingAnswered], None]) -> None:
        """Do what a controller wants done, for each call in order, and answer it."""
        loop = asyncio.get_running_loop()
        begins = max(loop.time(), self._busy_until.get(errand.call, 0.0))
        if isinstance(errand, ForgetBooking):
            loop.call_at(begins + AFTERWARDS_S, self.held.pop, errand.call, None)
        elif isinstance(errand, AskBooking):
            seconds = self.slowness()
            if seconds is not None:
                self._busy_until[errand.call] = begins + seconds
                loop.call_at(begins + seconds, self._answer, errand, submit)

    def _answer(self, asked: AskBooking, submit: Callable[[BookingAnswered], None]) -> None:
        submit(BookingAnswered(asked.call, asked.number, self._decide(asked.call, asked.question)))

    def _decide(self, call: CallId, question: sb.Question) -> sb.Answer:
        match question:
            case sb.LookUp(identity):
                mine = [n for n, (who, _) in self.reservations.items() if _same(who, identity)]
                return sb.Known(self._told(mine[0]) if mine else None)
            case sb.Keep():
                return self._keep(call, question.after)
            case sb.Cancel(reservation):
                del self.reservations[reservation.number]
                self.written.add(call)
                return sb.Done(reservation)
            case sb.Book(identity, slot):
                number = str(FIRST_NUMBER + len(self.written))
                return self._write(call, number, identity, slot)
            case sb.Move(reservation, slot):
                return self._write(call, reservation.number, self.reservations[reservation.number][0], slot)

    def _keep(self, call: CallId, after: sb.FreeSlot | None) -> sb.Answer:
        begin = 0 if after is None else int(after.slot) + 1
        taken = {slot for who, slot in self.held.items() if who != call}
        taken |= {slot for _, slot in self.reservations.values()}
        for place in range(begin, SLOTS):
            slot = sb.FreeSlot(str(place), "koseki", Instant(FIRST + place * SLOT_S))
            if slot not in taken:
                self.held[call] = slot
                return sb.Kept(slot)
        return sb.Kept(None)

    def _write(self, call: CallId, number: str, who: sb.Identity, slot: sb.FreeSlot) -> sb.Answer:
        if self.held.get(call) != slot:
            return sb.Gone()
        del self.held[call]
        self.reservations[number] = (who, slot)
        self.written.add(call)
        return sb.Done(self._told(number))

    def _told(self, number: str) -> sb.Reservation:
        slot = self.reservations[number][1]
        return sb.Reservation(number, slot.venue, "collection", slot.starts_at)


def _same(one: sb.Identity, other: sb.Identity) -> bool:
    return one.notice == other.notice if other.notice is not None else one == other


class BookingErrands:
    """The errands of one controller; a dead one hears nothing."""

    def __init__(self, booking: TownBooking) -> None:
        self._booking = booking
        self.submit: Callable[[BookingAnswered], None] = lambda _: None

    def run(self, errand: Errand) -> None:
        """Hand it on."""
        self._booking.run(errand, self._told)

    def _told(self, answered: BookingAnswered) -> None:
        self.submit(answered)

    def die(self) -> None:
        """Hear nothing any more."""
        self.submit = lambda _: None
