"""A promise that waits for its turn: made, standing in line, resting, held back, taken back (R3).

It stands where it was asked for and counts like a caller; nobody passes it but who may pass callers too.
It leaves the line while the citizen has a call of his own here: that call takes over the place, and the
promise comes back if the call ends without an operator. Every promise that waits has one timer.
"""

import math

from telephony.model.call import Call, Verdict
from telephony.model.commands import HangUp
from telephony.model.dialable import same_line
from telephony.model.ending import close_book
from telephony.model.errors import IllegalEvent
from telephony.model.events import CallTimerFired, CancelRequested, HangupRequested, MoveRequested, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.matching import serve_call, withdraw
from telephony.model.promise import Promise
from telephony.model.states import CallState
from telephony.model.waiting import moved_priority, open_due_tiers, stand_in_line

CHECK_S = 60.0
"""How often a promise that waits looks again: whether the centre has closed, and who may be asked again."""


REACHED = "reached"


def make(floor: Floor, asking: Call, number: str) -> Call:
    """Promise a callback to *number* to a caller who waits; return the promise, at the caller's place.

    It is held until the caller has hung up: the line would be busy with our own last words.
    """
    due_by = Instant(floor.next_opening(asking) + floor.plan.callbacks.window_s)
    promise = Promise(number, asking.id, same_line(asking.caller), floor.now, due_by)
    return promise_to(floor, asking, promise)


def promise_to(floor: Floor, asking: Call, promise: Promise) -> Call:
    """Let *promise* stand at the place of *asking*, held by every call that its citizen has here."""
    since = floor.now if asking.waiting_since is None else asking.waiting_since
    promise.held_by = own_calls(floor, promise)
    number, asked_at = promise.number, promise.asked_at
    call = Call(floor.new_callback(), number, asking.dialled, asked_at, CallState.PROMISED, floor.now)
    call.promise, call.queue, call.priority, call.waiting_since = (
        promise,
        asking.queue,
        asking.priority,
        since,
    )
    call.tier, call.last_agent, call.menu_path = asking.tier, asking.last_agent, list(asking.menu_path)
    _note_request(floor, call, promise)
    enter(floor, call)
    stand_by(floor, call)
    return call


def _note_request(floor: Floor, call: Call, promise: Promise) -> None:
    floor.note(
        call,
        "callback.requested",
        number=promise.number,
        asked_by=promise.asked_by,
        asked_from=promise.asked_from,
        dialled=call.dialled,
        queue=call.queue,
        since=call.waiting_since,
        priority=call.priority if math.isfinite(call.priority) else None,
        due_by=promise.due_by,
    )


def enter(floor: Floor, call: Call) -> None:
    """Know *call* and its number from now on."""
    floor.calls[call.id] = call
    floor.promises[promise_of(call).number] = call.id


def own_calls(floor: Floor, promise: Promise) -> set[CallId]:
    """Return the live calls of the citizen to whom *promise* is made."""
    return {
        own.id
        for own in floor.calls.values()
        if own.promise is None and (own.id == promise.asked_by or same_line(own.caller) == promise.number)
    }


def of_line(floor: Floor, number: str | None) -> Call | None:
    """Return the open callback that calls *number*."""
    found = None if not floor.promises else floor.promises.get(same_line(number) or "")
    return None if found is None else floor.calls[found]


def of_caller(floor: Floor, call: Call) -> Call | None:
    """Return the open callback of the citizen whose own call *call* is, known by the number.

    A number that a promise was only asked *from* says nothing: many people call from one switchboard.
    """
    if call.promise is not None or not floor.promises:
        return None
    return of_line(floor, call.caller) or _asked_by(floor, call.id)


def _asked_by(floor: Floor, asking: CallId) -> Call | None:
    """Return the open callback that was asked for in this call."""
    open_ones = (floor.calls[call] for call in floor.promises.values())
    return next((call for call in open_ones if promise_of(call).asked_by == asking), None)


# --- waiting for the turn ------------------------------------------------------------------------------


def stand_by(floor: Floor, call: Call) -> None:
    """Take the place in line and be served if somebody is free; or rest until it may be.

    A supervisor's word and the end of the window put it at the head of its queue.
    """
    promise = promise_of(call)
    floor.move(call, CallState.PROMISED)
    _rest_if_closed(floor, call, promise)
    if promise.held_by or promise.rests_until is not None:
        _step_out(floor, call)
    else:
        if call.id not in floor.line:
            stand_in_line(floor, call)
        open_due_tiers(floor, call)
        if serve_call(floor, call):
            return
    _arm(floor, call, promise)


def _rest_if_closed(floor: Floor, call: Call, promise: Promise) -> None:
    """Move to the next opening what would fall outside hours; what rests longer anyway goes on resting."""
    if promise.rests_until is not None and promise.rests_until <= floor.now:
        promise.rests_until, promise.until_opening = None, False
    opening = floor.next_opening(call)
    if opening > floor.now and (promise.rests_until is None or promise.rests_until < opening):
        promise.until_opening = promise.rests_until is None and floor.now > promise.asked_at
        promise.rests_until = opening
        promise.due_by = Instant(max(promise.due_by, opening + floor.plan.callbacks.window_s))
        _note_move(floor, call, promise, opening)


def _note_move(floor: Floor, call: Call, promise: Promise, until: Instant) -> None:
    untold = promise.until_opening
    floor.note(call, "callback.moved", until=until, due_by=promise.due_by, untold=untold)


def _arm(floor: Floor, call: Call, promise: Promise) -> None:
    due = floor.now + CHECK_S if promise.rests_until is None else promise.rests_until
    tiers = floor.queue_of(call).tiers
    if call.id in floor.line and call.tier + 1 < len(tiers) and call.waiting_since is not None:
        due = min(due, call.waiting_since + tiers[call.tier + 1].after_s)
    if not promise.overdue and promise.rests_until is None:
        due = min(due, promise.due_by)
    floor.arm(call, Timer.WAIT, max(0.0, due - floor.now))


def _step_out(floor: Floor, call: Call) -> None:
    if call.id in floor.line:
        floor.line.leave(call.id)
        floor.show_queue(_queue(call))


def on_due(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """A tier or the centre opens, a rest is over, the window ends, or it is time to look again."""
    del event
    promise = promise_of(call)
    call.refused_by.clear()
    if not promise.overdue and promise.rests_until is None and floor.now >= promise.due_by:
        promise.overdue = True
        floor.note(call, "callback.overdue")
        _to_front(floor, call)
    stand_by(floor, call)


def _to_front(floor: Floor, call: Call) -> None:
    _step_out(floor, call)
    call.priority = math.inf


def on_move_requested(floor: Floor, call: Call, event: MoveRequested) -> None:
    """A supervisor sends the promise to another line or to the front; its place goes with it."""
    _step_out(floor, call)
    if event.queue is not None and event.queue != call.queue:
        settings = floor.queue(event.queue)
        call.queue, call.tier = event.queue, 0
        call.priority = max(call.priority, settings.priority)
    call.priority = moved_priority(event, call.priority)
    floor.note(call, "queue.entered", queue=call.queue, priority=call.priority, position=None)
    stand_by(floor, call)


def call_now(floor: Floor, call: Call) -> None:
    """End the rest between two tries: somebody wants to call now. Raises IllegalEvent if nobody may."""
    promise = promise_of(call)
    if promise.held_by:
        raise IllegalEvent(f"The citizen of {call.id} is on the line with a call of their own.")
    if floor.emergency is not None or floor.next_opening(call) > floor.now:
        raise IllegalEvent("Nobody is called back outside hours, or in the disaster mode.")
    promise.rests_until, promise.until_opening = None, False


def on_hours_changed(floor: Floor) -> None:
    """The hours were changed or a disaster is over: who waits may be called now, or not any more.

    Who was told the opening goes on resting until then: nobody expects the call before.
    """
    waiting = [call for call in floor.calls.values() if call.state is CallState.PROMISED]
    for call in waiting:
        _opens_earlier(floor, call, promise_of(call))
    for call in sorted(waiting, key=lambda call: (-call.priority, call.waiting_since or floor.now)):
        stand_by(floor, call)


def _opens_earlier(floor: Floor, call: Call, promise: Promise) -> None:
    until = promise.rests_until
    if promise.until_opening and until is not None and floor.next_opening(call) < until:
        promise.rests_until, promise.until_opening = None, False
        _note_move(floor, call, promise, floor.now)


def on_emergency(floor: Floor) -> None:
    """A disaster: whoever is being rung to call a citizen back stops ringing. The promises stand."""
    for call in [call for call in floor.calls.values() if call.state is CallState.SUMMONING]:
        withdraw(floor, call, "withdrawn")


# --- the citizen's own calls ---------------------------------------------------------------------------


def hold_for(floor: Floor, own: Call) -> None:
    """The citizen calls us: ring nobody for the promise while that call lives."""
    call = of_caller(floor, own)
    if call is None:
        return
    promise_of(call).held_by.add(own.id)
    if call.state is CallState.PROMISED:
        _step_out(floor, call)
    elif call.state is CallState.SUMMONING:
        withdraw(floor, call, "withdrawn")


def release_after(floor: Floor, own: CallId) -> None:
    """A call of a citizen is over: the promise takes its place again, if it was not cancelled meanwhile."""
    for call in [floor.calls[promised] for promised in floor.promises.values()]:
        promise = promise_of(call)
        if own in promise.held_by:
            promise.held_by.discard(own)
            if call.state is CallState.PROMISED:
                stand_by(floor, call)


def cancel_for(floor: Floor, own: Call) -> None:
    """The citizen talks to an operator by a call of his own: nobody calls back."""
    call = of_caller(floor, own)
    if call is not None:
        cancel(floor, call, EndedBy.CALLER, "served by an own call")


# --- the end ---------------------------------------------------------------------------------------------


def cancel(floor: Floor, call: Call, by: EndedBy, reason: str) -> None:
    """Take the promise back. Whoever rings for it stops ringing; a conversation is left alone."""
    verdict = Verdict(Outcome.FAILED, by, f"cancelled: {reason}")
    if call.state is CallState.PROMISED:
        finish(floor, call, verdict, "cancelled")
    elif call.state is CallState.SUMMONING:
        call.verdict = verdict
        withdraw(floor, call, "withdrawn")
    elif call.state in {CallState.CALLING, CallState.RELEASING}:
        call.verdict = verdict
        release(floor, call)


def release(floor: Floor, call: Call) -> None:
    """Let the operator's leg go; what follows is decided when it is gone."""
    floor.do(HangUp(call.id, leg=call.leg))
    floor.move(call, CallState.RELEASING)
    floor.arm(call, Timer.CLOSING, floor.plan.calling.closing_limit_s)


def finish(floor: Floor, call: Call, verdict: Verdict, result: str) -> None:
    """The promise is over: *result* is `REACHED`, ``not-reached`` or ``cancelled``."""
    _step_out(floor, call)
    floor.note(call, "callback.done", result=result, reason=verdict.reason)
    forget(floor, call, verdict)


def forget(floor: Floor, call: Call, verdict: Verdict) -> None:
    """Write the last fact of a promise that is over."""
    del floor.promises[promise_of(call).number]
    close_book(floor, call, verdict)


def on_cancel_requested(floor: Floor, call: Call, event: CancelRequested | HangupRequested) -> None:
    """Somebody of ours takes the promise back."""
    cancel(floor, call, EndedBy(event.by), "on request")


def promise_of(call: Call) -> Promise:
    """Return what a callback carries along."""
    if call.promise is None:
        raise RuntimeError(f"call {call.id} is no callback")  # the table allows no such event
    return call.promise


def _queue(call: Call) -> QueueName:
    if call.queue is None:
        raise RuntimeError(f"call {call.id} stands in no line")
    return call.queue
