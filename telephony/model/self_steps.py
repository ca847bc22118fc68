"""The steps that the dialogue by keypad is made of: a question, a question to the booking, the way on."""

from telephony.model.call import Call
from telephony.model.callbacks import begin_after_hours
from telephony.model.commands import AskBooking
from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.hearing import say
from telephony.model.self_booking import FreeSlot, Keep, LookUp, Next, Question, SelfService, Talk
from telephony.model.self_offer import forget
from telephony.model.self_wording import question
from telephony.model.waiting import rejoin_line

TRIES = 3
"""Mistakes at one question, people asked for, and seats that others were faster for."""

QUICK_S = 0.7
"""A booking that answers sooner needs no word about it; nobody takes so short a pause for silence."""

ANSWER_S = 6.0
"""How long the booking may take besides. Its own limit is shorter."""

HELP, UNAVAILABLE = "self-service-help", "self-service-unavailable"


def ask(floor: Floor, call: Call, *first: str) -> None:
    """Put the question of where the caller is in the dialogue, after what was found out meanwhile."""
    service = service_of(call)
    before = () if service.remark is None else (service.remark,)
    service.digits, service.remark = "", None
    prompts, variables = question(floor, call, service)
    say(floor, call, (*before, *first, *prompts), variables)
    floor.arm(call, Timer.SELF_SERVICE, floor.plan.calling.announcement_limit_s)


def go(floor: Floor, call: Call, talk: Talk, *first: str) -> None:
    """Put the question of *talk*."""
    service = service_of(call)
    service.talk, service.mistakes = talk, 0
    ask(floor, call, *first)


def mistaken(floor: Floor, call: Call, remark: str) -> None:
    """Put the question again, so many times; then lead on."""
    service = service_of(call)
    service.mistakes += 1
    if service.mistakes >= TRIES:
        onward(floor, call, HELP)
    else:
        ask(floor, call, remark)


def onward(floor: Floor, call: Call, *why: str) -> None:
    """Lead on to an operator at the old place in line; outside hours to a callback."""
    service = service_of(call)
    if why:
        floor.note(call, "self_service.failed", talk=service.talk.value, reason=why[0])
    forget(floor, call)
    if service.after_hours:
        begin_after_hours(floor, call, *why)
    else:
        rejoin_line(floor, call, *why)


def ask_booking(floor: Floor, call: Call, asked: Question) -> None:
    """Ask the booking; if it does not answer at once, there is a word about it, then music."""
    service = service_of(call)
    service.asked, service.pending, service.told = service.asked + 1, asked, False
    floor.do(AskBooking(call.id, service.asked, asked))
    floor.arm(call, Timer.SELF_SERVICE, QUICK_S)


def ask_for_patience(floor: Floor, call: Call) -> None:
    """The booking takes its time: tell the caller."""
    service_of(call).told = True
    say(floor, call, ("self-service-moment",))
    floor.arm(call, Timer.SELF_SERVICE, ANSWER_S)


def look_up(floor: Floor, call: Call, service: SelfService) -> None:
    """Ask which reservation this citizen has."""
    service.looked_up += 1
    ask_booking(floor, call, LookUp(service.identity))


def keep(floor: Floor, call: Call, after: FreeSlot | None = None, by: Next = Next.TIME) -> None:
    """Ask for a slot: the first that is free, or the next one *after* what was read out."""
    settings, known = floor.plan.self_service, service_of(call).reservation
    if settings is None:
        onward(floor, call, UNAVAILABLE)
    else:
        wanted = (settings.service, 1) if known is None else (known.service, known.people)
        ask_booking(floor, call, Keep(*wanted, after, by))


def service_of(call: Call) -> SelfService:
    """Return the dialogue of a call that is in it."""
    if call.self_service is None:
        raise RuntimeError(f"call {call.id} books nothing")  # the table allows no such event
    return call.self_service
