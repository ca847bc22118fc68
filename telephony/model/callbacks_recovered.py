"""A promise of an earlier controller is taken over where it stands.

Its place is that from before. A leg that is up goes on. How an attempt ended that no controller saw, the
dialplan has noted; if it has not, the attempt counts as made, and is not made again at once: the citizen may
have been rung.
"""

import math

from telephony.model.call import Call, OfferInFlight, Verdict
from telephony.model.calling_back import (
    NOTICE_S,
    after_attempt,
    begin_conversation,
    failed,
    hold_operator,
    not_reached,
    on_citizen_hung_up,
    ring_citizen,
)
from telephony.model.commands import HangUp, ShowOffer
from telephony.model.events import CallbackRecovered, CitizenReturned, DialStatus, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.ids import QueueName
from telephony.model.matching import RING_GRACE_S
from telephony.model.noted import close_talk, result_of
from telephony.model.operator_leg import BEFORE_DIALLING, InFlight, Phase
from telephony.model.promise import Promise
from telephony.model.promised import REACHED, enter, finish, forget, own_calls, release
from telephony.model.roster import Operator
from telephony.model.states import BUSY_WITH_CALL, AgentState, CallState
from telephony.model.summoning import take_up

UNKNOWN = "unknown"
"""How an attempt is called whose end nobody saw."""


def on_recovered(floor: Floor, event: CallbackRecovered) -> None:
    """Take the promise over, with its leg if it has one; in a disaster nobody is rung for it any more."""
    call = _call(floor, event)
    enter(floor, call)
    if event.done is not None:
        outcome = Outcome.ANSWERED if event.done == REACHED else Outcome.FAILED
        forget(floor, call, Verdict(outcome, EndedBy.SYSTEM, event.reason))
        return
    flight = event.in_flight
    operator = None if flight is None else floor.operator(flight.agent)
    busy = operator is None or operator.state in BUSY_WITH_CALL
    let_go = busy or floor.emergency is not None
    if flight is not None and (flight.phase is Phase.MADE or (let_go and flight.phase in BEFORE_DIALLING)):
        floor.do(HangUp(call.id, leg=flight.leg))
        flight = None
    if flight is None:
        _without_leg(floor, call, event)
    else:
        call.leg, call.last_offer = flight.leg, flight.offer
        _with_leg(floor, call, event, flight, None if busy else operator)


_AFTER_CITIZEN = frozenset({Phase.CALLING, Phase.TALKING, Phase.BACK})


def _decided(event: CallbackRecovered) -> Verdict | None:
    """Return how it ends if the last attempt was the last that the rule allows."""
    if (
        not event.results
        or event.rests_until is not None
        or event.open_attempt
        or event.reached_at is not None
    ):
        return None
    return Verdict(Outcome.FAILED, EndedBy.SYSTEM, not_reached(event.results))


def _call(floor: Floor, event: CallbackRecovered) -> Call:
    queue = event.queue if event.queue in floor.queues else QueueName(floor.plan.queues[0].name)
    call = Call(event.call, event.number, event.dialled, event.asked_at, CallState.PROMISED, floor.now)
    call.queue, call.waiting_since, call.recovered = queue, event.since, True
    call.priority = math.inf if event.priority is None else event.priority
    call.talking_since, call.verdict = event.reached_at, _decided(event)
    call.promise = Promise(
        event.number,
        event.asked_by,
        event.asked_from,
        event.asked_at,
        event.due_by,
        attempts=event.attempts,
        results=list(event.results),
        rests_until=event.rests_until,
        until_opening=event.until_opening,
        overdue=event.priority is None,
    )
    call.promise.held_by = own_calls(floor, call.promise)
    return call


def _without_leg(floor: Floor, call: Call, event: CallbackRecovered) -> None:
    call.agent, call.last_offer = event.agent, event.offer
    if event.reached_at is None and event.open_attempt:
        _learn_of_talk(floor, call, event)
    if call.talking_since is not None:
        finish(floor, call, close_talk(floor, call, event.noted), REACHED)
        return
    call.agent = None
    if event.open_attempt:
        failed(floor, call, result_of(event.noted) or UNKNOWN)
    after_attempt(floor, call)


def _learn_of_talk(floor: Floor, call: Call, event: CallbackRecovered) -> None:
    """Note that the citizen was reached, if the dialplan says so."""
    if event.noted is not None and event.noted.talk_began_at is not None:
        begin_conversation(floor, call, event.noted.talk_began_at)


def _with_leg(
    floor: Floor, call: Call, event: CallbackRecovered, flight: InFlight, operator: Operator | None
) -> None:
    offer = OfferInFlight(flight.offer, operator.name, floor.now, flight.leg) if operator else None
    if offer is not None and operator is not None:
        if flight.phase is Phase.RINGS or (flight.phase is Phase.ANSWERED and not event.open_attempt):
            _ringing(floor, call, offer, operator)
        else:
            hold_operator(floor, call, offer)
    if flight.phase in _AFTER_CITIZEN and not event.open_attempt and event.reached_at is None:
        release(floor, call)  # the attempt is over, and only the hang-up was lost
    else:
        _go_on(floor, call, event, flight, offer)


def _go_on(
    floor: Floor, call: Call, event: CallbackRecovered, flight: InFlight, offer: OfferInFlight | None
) -> None:
    match flight.phase:
        case Phase.ANSWERED if event.open_attempt:
            ring_citizen(floor, call)
        case Phase.ANSWERED if offer is not None:
            take_up(floor, call, offer)
        case Phase.CALLING:
            floor.move(call, CallState.CALLING)
            floor.arm(call, Timer.RING, floor.plan.callbacks.ring_s + NOTICE_S)
        case Phase.TALKING:
            _talking(floor, call, event)
        case Phase.BACK:
            _back(floor, call, event, flight)
        case _:
            pass


def _ringing(floor: Floor, call: Call, offer: OfferInFlight, operator: Operator) -> None:
    call.offer = offer
    operator.call, operator.offer = call.id, offer.id
    floor.set_agent(operator, AgentState.OFFERED)
    floor.do(ShowOffer(operator.name, offer.id, call.id))
    floor.move(call, CallState.SUMMONING)
    floor.arm(call, Timer.RING, floor.queue_of(call).ring_s + RING_GRACE_S)


def _back(floor: Floor, call: Call, event: CallbackRecovered, flight: InFlight) -> None:
    """``Dial()`` is over, and the operator is still there."""
    if call.talking_since is None:
        _learn_of_talk(floor, call, event)
    if call.talking_since is not None:
        on_citizen_hung_up(floor, call, CitizenReturned(call.id, flight.offer, DialStatus.ANSWER))
    else:
        failed(floor, call, result_of(event.noted) or UNKNOWN)
        release(floor, call)


def _talking(floor: Floor, call: Call, event: CallbackRecovered) -> None:
    if call.talking_since is None:
        _learn_of_talk(floor, call, event)
    if call.talking_since is None:
        begin_conversation(floor, call)
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)
