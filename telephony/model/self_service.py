"""Self-service by keypad: who calls, which slot, and then a reservation is made, moved or cancelled (R3, R5).

Whoever begins it steps out of the line, as for a message, and comes back to the same place. A slot is kept
while it is read out, so it is still there when 1 is pressed. Three mistakes, three people asked for, or a
booking that does not answer lead on to an operator, outside hours to a callback.
"""

from collections.abc import Callable, Mapping

from config.schema import OverflowKey
from telephony.model import ending
from telephony.model.call import Call
from telephony.model.closed import dismiss
from telephony.model.ending import abandonment, close_book, leave_line, verdict_of_leaving
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CallTimerFired,
    HangupRequested,
    KeyPressed,
    PlaybackEnded,
    Timer,
)
from telephony.model.facts import Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush, music
from telephony.model.self_answers import no_answer
from telephony.model.self_booking import WRITES, Book, Cancel, FreeSlot, Move, Next, SelfService, Talk
from telephony.model.self_offer import forget
from telephony.model.self_steps import (
    HELP,
    TRIES,
    ask,
    ask_booking,
    ask_for_patience,
    go,
    keep,
    look_up,
    mistaken,
    onward,
    service_of,
)
from telephony.model.self_typing import ENTERED
from telephony.model.states import CallState
from telephony.model.waiting import rejoin_line, stay_in_line

YES, BACK, OPERATOR, ENTER = "1", "*", "0", "#"
CANCEL_KEY = "2"
NEXT_KEYS = {"2": Next.TIME, "3": Next.DAY, "4": Next.VENUE}
KEY_S, DIGIT_S = 8.0, 6.0
"""How long a caller may take for the first key, and for the next digit; as in the callback's dialogue."""

LONGEST = 20
"""Digits taken at most."""


def begin(floor: Floor, call: Call, key: OverflowKey) -> None:
    """Begin with somebody who waits; if it was published away meanwhile, they wait on."""
    del key
    if floor.plan.self_service is None:
        stay_in_line(floor, call)
        return
    leave_line(floor, call, "self-service")
    call.self_service = SelfService(Talk.NOTICE)
    floor.move(call, CallState.SELF_SERVICE)
    floor.note(call, "self_service.started", after_hours=False)
    ask(floor, call)


# --- what the caller does --------------------------------------------------------------------------------


def on_heard(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The question was heard: now there is time for a key. While the booking is asked: music."""
    del event
    call.playback = None
    if service_of(call).pending is None:
        floor.arm(call, Timer.SELF_SERVICE, KEY_S)
    else:
        music(floor, call)


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """A key; it cuts the question short. While the booking is asked, keys mean nothing."""
    service = service_of(call)
    if service.pending is not None:
        return
    hush(floor, call)
    if service.talk in ENTERED:
        _type(floor, call, service, event.key)
    elif event.key == BACK:
        _back(floor, call, service)
    elif event.key == OPERATOR and service.talk is not Talk.OFFER:
        onward(floor, call)
    else:
        _KEYS[service.talk](floor, call, service, event.key)


def on_due(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """The booking is silent; or no key came: what was typed is meant, else the question again."""
    del event
    service = service_of(call)
    if service.pending is not None and not service.told:
        ask_for_patience(floor, call)
    elif service.pending is not None:
        no_answer(floor, call, service.pending)
    elif service.talk is Talk.OFFER:
        forget(floor, call)
        dismiss(floor, call)
    elif service.digits:
        _entered(floor, call, service)
    else:
        mistaken(floor, call, "no-key")


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back: the question again, or music until the answer."""
    del event
    call.playback, call.music = None, False
    if service_of(call).pending is None:
        ask(floor, call)
    else:
        music(floor, call)


def on_left(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The caller hung up. What was confirmed by key is being written, whether or not its end is heard."""
    service = service_of(call)
    outcome = Outcome.CLOSED if service.after_hours else abandonment(floor, call)
    confirmed = isinstance(service.pending, WRITES)
    verdict = verdict_of_leaving(event, Outcome.SELF_SERVICE if confirmed else outcome)
    if confirmed and verdict.reason is None:
        verdict.reason = "left before the booking had answered"
    forget(floor, call)
    close_book(floor, call, verdict)


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends the call."""
    forget(floor, call)
    ending.on_hangup_requested(floor, call, event)


def _type(floor: Floor, call: Call, service: SelfService, key: str) -> None:
    if key == BACK and not service.digits:
        _back(floor, call, service)
    elif key == BACK:
        ask(floor, call)
    elif key == ENTER or len(service.digits) >= LONGEST:
        _entered(floor, call, service)
    else:
        service.digits += key
        floor.arm(call, Timer.SELF_SERVICE, DIGIT_S)


def _entered(floor: Floor, call: Call, service: SelfService) -> None:
    """Take what was typed as the answer: on to the next question, or to the booking."""
    understood = ENTERED[service.talk](floor, call, service)
    if understood is None:
        mistaken(floor, call, "self-service-not-understood")
    elif isinstance(understood, Talk):
        go(floor, call, understood)
    elif service.talk is Talk.PHONE:  # who it is was told before, by a notice number
        keep(floor, call)
    else:
        look_up(floor, call, service)


def _key_offer(floor: Floor, call: Call, service: SelfService, key: str) -> None:
    del service
    if key == YES:
        floor.note(call, "self_service.started", after_hours=True)
        go(floor, call, Talk.NOTICE)
    else:
        mistaken(floor, call, "invalid-key")


def _key_found(floor: Floor, call: Call, service: SelfService, key: str) -> None:
    del service
    if key == YES:
        keep(floor, call)
    elif key == CANCEL_KEY:
        go(floor, call, Talk.CANCEL)
    else:
        mistaken(floor, call, "invalid-key")


def _key_slot(floor: Floor, call: Call, service: SelfService, key: str) -> None:
    if key == YES and service.slot is not None:
        _write(floor, call, service, service.slot)
    elif key in NEXT_KEYS:
        service.mistakes = 0
        keep(floor, call, service.slot, NEXT_KEYS[key])
    else:
        mistaken(floor, call, "invalid-key")


def _key_cancel(floor: Floor, call: Call, service: SelfService, key: str) -> None:
    if key == YES and service.reservation is not None:
        ask_booking(floor, call, Cancel(service.reservation))
    else:
        mistaken(floor, call, "invalid-key")


_KEYS: Mapping[Talk, Callable[[Floor, Call, SelfService, str], None]] = {
    Talk.OFFER: _key_offer,
    Talk.FOUND: _key_found,
    Talk.SLOT: _key_slot,
    Talk.CANCEL: _key_cancel,
}


def _back(floor: Floor, call: Call, service: SelfService) -> None:
    """Go one question back; from the first one back into the line, outside hours to the end."""
    if service.talk is Talk.CANCEL or (service.talk is Talk.SLOT and service.reservation is not None):
        service.slot = None
        go(floor, call, Talk.FOUND)
    elif service.talk in {Talk.OFFER, Talk.NOTICE}:
        after_hours = service.after_hours
        forget(floor, call)
        dismiss(floor, call) if after_hours else rejoin_line(floor, call)
    elif service.looked_up >= TRIES:
        onward(floor, call, HELP)
    else:
        service.notice = service.phone = service.birth_date = None
        service.reservation = service.slot = None
        go(floor, call, Talk.NOTICE)


def _write(floor: Floor, call: Call, service: SelfService, slot: FreeSlot) -> None:
    if service.reservation is not None:
        ask_booking(floor, call, Move(service.reservation, slot))
    else:
        ask_booking(floor, call, Book(service.identity, slot, call.caller))
