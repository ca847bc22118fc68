"""A number that the rescue took while nobody drove the calls becomes a promise like any other (R3, R17).

It is taken up once: as long as there is a callback to a number, also one of an earlier controller,
there is no second one. A number that may not be called by rule is a case, and a person decides.
"""

from telephony.model import promised
from telephony.model.call import Call
from telephony.model.commands import TakeUpNumber
from telephony.model.dialable import Refusal, checked, same_line
from telephony.model.events import NumberLeft
from telephony.model.facts import EndedBy
from telephony.model.floor import DAY_S, Floor
from telephony.model.ids import Instant
from telephony.model.promise import Promise
from telephony.model.states import CallState

THANKS_S = 15.0
"""The rescue thanks, and the caller hangs up: until then the line is busy with our own last words."""

KEPT_S = 7 * DAY_S
"""Nobody expects to be called any more who asked longer ago than this."""


def on_number_left(floor: Floor, event: NumberLeft) -> None:
    """Promise the callback, unless that was done, the number has one, or nobody may call it."""
    number = checked(event.number, floor.numbers)
    refused = _refusal(floor, event, number)
    standing = promised.of_line(floor, event.number)
    if standing is None and refused is None:
        standing = _promise(floor, event)
    if standing is None:
        floor.do(TakeUpNumber(event.call, None, _case(floor, event, refused or "")))
    else:
        floor.do(TakeUpNumber(event.call, standing.id))
        _cancel_if_served(floor, standing)


def _refusal(floor: Floor, event: NumberLeft, number: str | Refusal) -> str | None:
    """Return why nobody is called by rule, or None."""
    if isinstance(number, Refusal):
        return number.name.lower()
    if floor.trunk_of(event.dialled).outbound is None:
        return "no-outbound-trunk"
    return "too-old" if floor.now - event.at > KEPT_S else None


def _promise(floor: Floor, event: NumberLeft) -> Call:
    asking = _asking(floor, event)
    opening = floor.next_opening(asking)
    asked_from = event.at if opening <= floor.now else opening
    due_by = Instant(asked_from + floor.plan.callbacks.window_s)
    promise = Promise(event.number, event.call, same_line(event.caller), event.at, due_by)
    heard = Instant(event.at + THANKS_S)
    if opening <= floor.now < heard:
        promise.rests_until = heard
    return promised.promise_to(floor, asking, promise)


def _asking(floor: Floor, event: NumberLeft) -> Call:
    """Return the asking call with its place in line, whether or not the model knows it still."""
    known = floor.calls.get(event.call)
    if known is not None and known.queue is not None:
        return known
    asking = Call(event.call, event.caller, event.dialled, event.since, CallState.ENDING, floor.now)
    asking.queue = event.queue if event.queue in floor.queues else floor.operators_of(event.dialled)
    asking.waiting_since = event.since
    asking.priority = floor.queue_of(asking).priority if event.priority is None else event.priority
    return asking


def _cancel_if_served(floor: Floor, call: Call) -> None:
    """Drop a promise to somebody who is talking to an operator by a call of his own at this moment."""
    own = [floor.calls[held] for held in promised.promise_of(call).held_by]
    if any(each.state is CallState.TALKING for each in own):
        promised.cancel(floor, call, EndedBy.CALLER, "served by an own call")


def _case(floor: Floor, event: NumberLeft, reason: str) -> dict[str, object]:
    return {
        "case": "callback_failed",
        "caller": event.number,
        "due_at": Instant(floor.now + floor.plan.callbacks.due_s),
        "summary": "折り返しの希望（かけられない番号または古い受付）",
        "details": {"asked_by": event.call, "left_at": event.at, "reason": reason},
    }
