"""What the booking answers to somebody who books by keypad, and what follows from it."""

from collections.abc import Mapping

from telephony.model.call import Call, Verdict
from telephony.model.ending import end_with_words
from telephony.model.events import BookingAnswered
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush
from telephony.model.self_booking import (
    WRITES,
    Answer,
    Book,
    Cancel,
    Done,
    FreeSlot,
    Gone,
    Kept,
    Known,
    LookUp,
    Move,
    MyNumber,
    NoAnswer,
    Question,
    Reservation,
    Talk,
)
from telephony.model.self_offer import forget
from telephony.model.self_steps import (
    HELP,
    TRIES,
    UNAVAILABLE,
    ask,
    ask_booking,
    go,
    keep,
    mistaken,
    onward,
    service_of,
)
from telephony.model.self_wording import read_back

DOES: Mapping[type[Question], str] = {Book: "booked", Move: "moved", Cancel: "cancelled"}


def on_answer(floor: Floor, call: Call, event: BookingAnswered) -> None:
    """The booking has answered."""
    service = service_of(call)
    asked, service.pending = service.pending, None
    hush(floor, call)
    if asked is not None:
        _take(floor, call, asked, event.answer)


def _take(floor: Floor, call: Call, asked: Question, answer: Answer) -> None:
    match answer:
        case Known(reservation):
            _known(floor, call, reservation)
        case Kept(slot):
            _kept(floor, call, slot)
        case Done(reservation):
            _done(floor, call, DOES[type(asked)], reservation)
        case Gone():
            _gone(floor, call)
        case MyNumber():
            service = service_of(call)
            service.notice, service.talk = None, Talk.NOTICE
            mistaken(floor, call, "self-service-my-number")
        case NoAnswer():
            no_answer(floor, call, asked)


def _known(floor: Floor, call: Call, reservation: Reservation | None) -> None:
    """A reservation to come, or none: then a new one, and we must know how to reach the citizen."""
    service = service_of(call)
    service.reservation = reservation
    floor.note(call, "self_service.identified", known=reservation is not None)
    if reservation is not None:
        go(floor, call, Talk.FOUND)
    elif service.phone is None:
        go(floor, call, Talk.PHONE, "self-service-new")
    else:
        service.remark = service.remark or "self-service-new"
        keep(floor, call)


def _kept(floor: Floor, call: Call, slot: FreeSlot | None) -> None:
    service = service_of(call)
    if slot is not None:
        service.slot = slot
        go(floor, call, Talk.SLOT)
    elif service.slot is not None:
        ask(floor, call, "self-service-no-more")
    else:
        onward(floor, call, "self-service-nothing-free")


def _gone(floor: Floor, call: Call) -> None:
    """Somebody else was faster, or changed the reservation: look again how things stand, a few times."""
    service = service_of(call)
    service.gone, service.slot = service.gone + 1, None
    if service.gone >= TRIES:
        onward(floor, call, HELP)
    else:
        service.reservation, service.remark = None, "self-service-gone"
        ask_booking(floor, call, LookUp(service.identity))


def no_answer(floor: Floor, call: Call, asked: Question) -> None:
    """The booking cannot be reached, or is too slow: say so, and lead on."""
    onward(floor, call, "self-service-unsure" if isinstance(asked, WRITES) else UNAVAILABLE)


def _done(floor: Floor, call: Call, does: str, reservation: Reservation) -> None:
    """Read back what was done, the number twice, and what to bring."""
    floor.note(call, "self_service.done", does=does, reservation=reservation.number)
    forget(floor, call)
    verdict = Verdict(Outcome.SELF_SERVICE, EndedBy.SYSTEM)
    if does == DOES[Cancel]:
        end_with_words(floor, call, verdict, ("self-service-cancelled", "goodbye"))
        return
    prompts, variables = read_back(floor, does, reservation)
    end_with_words(floor, call, verdict, (*prompts, "goodbye"), variables)
