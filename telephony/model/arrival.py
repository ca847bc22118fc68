"""A call arrives: who is it, which number was dialled, and the words that come first (R1, R19)."""

from telephony.model import menu
from telephony.model.call import Call, Verdict
from telephony.model.callbacks import join_line
from telephony.model.closed import turned_away
from telephony.model.commands import Answer, Follow, Record
from telephony.model.ending import UNALLOCATED_NUMBER, end
from telephony.model.events import CallArrived, CallTimerFired, KeyPressed, PlaybackEnded, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush, say
from telephony.model.ids import MenuName, QueueName
from telephony.model.states import CallState

LATE_S = 0.05
"""A leg that was made longer ago has waited: in the dialplan without a controller, or for us to read."""


def on_arrived(floor: Floor, event: CallArrived) -> None:
    """A leg entered. Known number: answer and greet. Unknown number: refuse with one record."""
    arrived = floor.happened
    if event.created is not None and arrived - event.created > LATE_S:
        arrived = event.created
    call = Call(event.call, event.caller, event.dialled, arrived, CallState.GREETING, floor.now)
    floor.calls[call.id] = call
    fact = {"caller": event.caller, "dialled": event.dialled, "sip_call_id": event.sip_call_id}
    floor.do(Record(f"call:{call.id}", arrived, "call.arrived", fact))
    floor.do(Follow(call.id))
    if event.dialled not in floor.numbers:
        verdict = Verdict(Outcome.REFUSED, EndedBy.SYSTEM, "the dialled number is not ours")
        end(floor, call, verdict, UNALLOCATED_NUMBER)
        return
    welcome(floor, call)


def welcome(floor: Floor, call: Call) -> None:
    """Answer and greet a caller who dialled one of our numbers."""
    floor.do(Answer(call.id))
    floor.note(call, "call.answered")
    if turned_away(floor, call):
        return
    floor.move(call, CallState.GREETING)
    _greet(floor, call)


def _greet(floor: Floor, call: Call) -> None:
    prompts = [] if call.caller in floor.priority_callers else [_greeting(floor, call)]
    if floor.plan.recording.enabled:
        prompts.append(floor.plan.recording.notice)
    if not prompts:
        _after_greeting(floor, call)
        return
    say(floor, call, prompts)
    floor.arm(call, Timer.GREETING, floor.plan.calling.greeting_limit_s)


def _greeting(floor: Floor, call: Call) -> str:
    """Return the number's greeting; who has tried in vain before is greeted as somebody we know."""
    calling = floor.plan.calling
    tries = floor.redials.tries(call.caller, floor.now, calling.redial_window_s)
    if tries < calling.redial_count:
        return floor.numbers[call.dialled].greeting
    floor.note(call, "call.repeated", tries=tries)
    return "greeting-again"


def on_greeted(floor: Floor, call: Call, event: PlaybackEnded | CallTimerFired | CallArrived) -> None:
    """The greeting was heard, or took too long, or was lost on the way."""
    if isinstance(event, PlaybackEnded):
        call.playback = None
    hush(floor, call)
    if call.answer_again:
        call.answer_again = False
        floor.do(Answer(call.id))  # of a call that is answered already Asterisk answers nothing more
    _after_greeting(floor, call)


def _after_greeting(floor: Floor, call: Call) -> None:
    favoured = floor.priority_callers.get(call.caller) if call.caller else None
    if favoured is not None:
        join_line(floor, call, QueueName(favoured.queue), favoured.priority)
    else:
        menu.enter(floor, call, floor.menus[MenuName(floor.numbers[call.dialled].menu)])


def on_key_too_early(floor: Floor, call: Call, event: KeyPressed) -> None:
    """Regular callers press the key during the greeting: it counts once the menu begins.

    The greeting itself is not cut short, because the recording notice must have been heard.
    """
    del floor
    call.typed_ahead = event.key
