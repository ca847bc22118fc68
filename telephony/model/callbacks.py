"""The dialogue in which a waiting caller asks to be called back (virtual hold, R3).

`begin` takes a caller who waits. The place in line is kept throughout, and an operator who becomes free is
offered the caller out of the dialogue: talking now is better than a promise. Only a number that was read back
and confirmed by key is promised a call.
"""

from collections.abc import Callable, Mapping

from telephony.model import promised
from telephony.model.call import Call, Verdict
from telephony.model.closed import dismiss
from telephony.model.dialable import Refusal, checked
from telephony.model.ending import end_with_words, leave_line
from telephony.model.events import CallArrived, CallTimerFired, KeyPressed, PlaybackEnded, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush, say
from telephony.model.ids import QueueName
from telephony.model.matching import serve_call
from telephony.model.promise import Asking, Step
from telephony.model.states import CallState
from telephony.model.waiting import join_line as stand_in_own_place
from telephony.model.waiting import open_due_tiers, stay_in_line

YES, OTHER, BACK, DONE = "1", "2", "*", "#"
KEY_S, DIGIT_S = 8.0, 6.0
"""How long a caller may take for the first key, and for the next digit."""

MISTAKES = 3
LONGEST = 16
"""Digits taken at most; the longest number here has eleven."""

FARTHEST = 9_999
"""The farthest place that can be said."""


def join_line(floor: Floor, call: Call, queue: QueueName, priority: float | None = None) -> None:
    """Stand in line; whoever has an open callback stands at its place, and is asked what to do with it."""
    stand_in_own_place(floor, call, queue, priority)
    if call.state is CallState.WAITING and promised.of_caller(floor, call) is not None:
        begin(floor, call)


def begin(floor: Floor, call: Call, *first: str) -> None:
    """Begin the dialogue with a caller who waits, *first* with a word; without calls of ours, wait on."""
    if floor.trunk_of(call.dialled).outbound is None:
        stay_in_line(floor, call)
        return
    floor.move(call, CallState.ASKING)
    number = checked(call.caller, floor.numbers)
    if promised.of_caller(floor, call) is not None:
        call.asking = Asking(Step.AGAIN)
    elif isinstance(number, Refusal):
        call.asking = Asking(Step.ENTER)
    else:
        call.asking = Asking(Step.CONFIRM, number)
    _ask(floor, call, call.asking, *first)


def begin_after_hours(floor: Floor, call: Call, *first: str) -> None:
    """Begin it with somebody who came outside hours and stands in no line; the promise is for the opening."""
    if floor.trunk_of(call.dialled).outbound is None:
        dismiss(floor, call, *first)
    elif promised.of_caller(floor, call) is not None:
        _keep_callback(floor, call, *first)
    else:
        call.queue = call.queue or floor.operators_of(call.dialled)
        call.priority = floor.queue_of(call).priority
        begin(floor, call, *first)


def _ask(floor: Floor, call: Call, asking: Asking, *first: str) -> None:
    prompt, variables = _question(floor, call, asking)
    say(floor, call, [*first, prompt], variables)
    floor.arm(call, Timer.KEY, floor.plan.calling.greeting_limit_s)


def _question(floor: Floor, call: Call, asking: Asking) -> tuple[str, Mapping[str, object] | None]:
    match asking.step:
        case Step.AGAIN:
            return "callback-again", {"position": min(floor.line.position(call.id, floor.now), FARTHEST)}
        case Step.CONFIRM:
            return "callback-confirm", {"number": asking.number}
        case Step.ENTER:
            return "callback-enter", None


def on_asked(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The question was heard: now the caller has time to press a key."""
    del event
    call.playback = None
    if not _served(floor, call):
        floor.arm(call, Timer.KEY, KEY_S)


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back: put the question again."""
    del event
    call.playback = None
    _ask(floor, call, _asking(call))


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """A key; it cuts the question short."""
    hush(floor, call)
    _KEYS[_asking(call).step](floor, call, event.key)


def on_no_key(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """No key came: what was typed is the number; else the question again; in the end the caller waits on."""
    del event
    asking = _asking(call)
    if _served(floor, call):
        return
    if asking.digits:
        _check(floor, call, asking)
    elif asking.step is Step.AGAIN:
        go_back(floor, call)
    else:
        _mistaken(floor, call, "no-key")


def _served(floor: Floor, call: Call) -> bool:
    """Whether somebody who has become eligible takes the caller out of the dialogue."""
    if call.id not in floor.line:
        return False
    open_due_tiers(floor, call)
    return serve_call(floor, call)


def go_back(floor: Floor, call: Call) -> None:
    """Wait on at the same place, as before the dialogue; who stands in no line came outside hours."""
    hush(floor, call)
    call.asking = None
    if call.id not in floor.line:
        dismiss(floor, call)
        return
    floor.move(call, CallState.WAITING)
    if not _served(floor, call):
        stay_in_line(floor, call)


def _mistaken(floor: Floor, call: Call, remark: str) -> None:
    asking = _asking(call)
    asking.digits, asking.mistakes = "", asking.mistakes + 1
    if asking.mistakes >= MISTAKES:
        go_back(floor, call)
    else:
        _ask(floor, call, asking, remark)


# --- one function for each step --------------------------------------------------------------------------


def _key_again(floor: Floor, call: Call, key: str) -> None:
    """Someone with a callback: 1 waits now, and the callback is dropped; 2 keeps it and hangs up."""
    if key == YES:
        open_one = promised.of_caller(floor, call)
        if open_one is not None:
            promised.cancel(floor, open_one, EndedBy.CALLER, "waits in line instead")
        go_back(floor, call)
    elif key == OTHER:
        leave_line(floor, call, "callback")
        _keep_callback(floor, call)
    else:
        _mistaken(floor, call, "invalid-key")


def _keep_callback(floor: Floor, call: Call, *first: str) -> None:
    verdict = Verdict(Outcome.CALLBACK_REQUESTED, EndedBy.SYSTEM, "has a callback already")
    end_with_words(floor, call, verdict, [*first, "callback-kept"])


def _key_confirm(floor: Floor, call: Call, key: str) -> None:
    asking = _asking(call)
    if key == YES and asking.number is not None:
        _promise(floor, call, asking.number)
    elif key == OTHER:
        asking.step, asking.number = Step.ENTER, None
        _ask(floor, call, asking)
    elif key == BACK:
        go_back(floor, call)
    else:
        _mistaken(floor, call, "invalid-key")


def _key_enter(floor: Floor, call: Call, key: str) -> None:
    asking = _asking(call)
    if key == BACK and not asking.digits:
        go_back(floor, call)
    elif key == BACK:
        asking.digits = ""
        _ask(floor, call, asking)
    elif key == DONE or len(asking.digits) >= LONGEST:
        _check(floor, call, asking)
    else:
        asking.digits += key
        floor.arm(call, Timer.KEY, DIGIT_S)


def _check(floor: Floor, call: Call, asking: Asking) -> None:
    """Read the typed number back, or say why it is not called."""
    number = checked(asking.digits, floor.numbers)
    if isinstance(number, Refusal):
        floor.note(call, "callback.refused", reason=number.name.lower())
        _mistaken(floor, call, number.value)
        return
    asking.step, asking.number, asking.digits = Step.CONFIRM, number, ""
    _ask(floor, call, asking)


_KEYS: Mapping[Step, Callable[[Floor, Call, str], None]] = {
    Step.AGAIN: _key_again,
    Step.CONFIRM: _key_confirm,
    Step.ENTER: _key_enter,
}


def _promise(floor: Floor, call: Call, number: str) -> None:
    """Promise it, unless somebody (from another line) has asked for this number already."""
    if promised.of_line(floor, number) is not None:
        call.asking = Asking(Step.ENTER, mistakes=_asking(call).mistakes)
        _mistaken(floor, call, "callback-already")
        return
    promise = promised.make(floor, call, number)
    leave_line(floor, call, "callback")
    floor.note(call, "callback.promised", callback=promise.id)
    say_promise(floor, call)


def say_promise(floor: Floor, call: Call) -> None:
    """Tell the caller what was promised, also that closing time moves it, and let him go."""
    verdict = Verdict(Outcome.CALLBACK_REQUESTED, EndedBy.SYSTEM)
    opening = floor.next_opening(call)
    if opening <= floor.now:
        end_with_words(floor, call, verdict, ["callback-promised"], promises=True)
        return
    when = floor.calendar.local(opening)
    said = {"day": when.date(), "at": when.time().replace(second=0, microsecond=0)}
    end_with_words(floor, call, verdict, ["callback-promised-later"], said, promises=True)


def _asking(call: Call) -> Asking:
    if call.asking is None:
        raise RuntimeError(f"call {call.id} asks for nothing")  # the table allows no such event
    return call.asking
