"""Bring a caller and an operator together: the only place where an offer is made (R2)."""

from telephony.model.call import Call, OfferInFlight
from telephony.model.commands import CallOperator, Follow, HangUp, Offer, ShowOffer, WithdrawOffer
from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.hearing import hush
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.model.operator_leg import operator_leg
from telephony.model.recording import recording_file
from telephony.model.roster import Operator
from telephony.model.states import AgentState, CallState

RING_GRACE_S = 5
"""How long after the ring time-out ``Dial()`` may take to come back before the offer is withdrawn."""


def serve_call(floor: Floor, call: Call) -> bool:
    """Offer a waiting *call* to the best operator who is free now. Return whether there was one."""
    queue = QueueName(floor.queue_of(call).name)
    if not may_be_served(floor, call):
        return False
    agent = floor.ready.choose(queue, call.tier + 1, call.refused_by.__contains__, _favourite(floor, call))
    if agent is None:
        return False
    make_offer(floor, call, floor.roster[agent])
    return True


def may_be_served(floor: Floor, call: Call) -> bool:
    """Whether it may be now: no call of a paused queue; a callback only in open hours and in no disaster."""
    if call.queue is not None and floor.is_paused(call.queue):
        return False
    return call.promise is None or (floor.emergency is None and floor.next_opening(call) <= floor.now)


def _favourite(floor: Floor, call: Call) -> AgentName | None:
    """The operator who served this caller last, if that costs no extra wait: ready now, seat open."""
    operator = floor.operator(call.last_agent)
    return operator.name if operator is not None and operator.can_be_offered else None


def serve_agent(floor: Floor, operator: Operator) -> None:
    """Give a free *operator* the waiting call whose turn it is, if there is one."""
    if not operator.can_be_offered:
        return

    def refused(call: CallId) -> bool:
        waiting = floor.calls[call]
        return operator.name in waiting.refused_by or not may_be_served(floor, waiting)

    # A paused queue is passed over as a whole: asked call by call, a long line would cost every decision.
    seats = [(queue, tier) for queue, tier in operator.seats if not floor.is_paused(queue)]
    call = floor.line.next_for(seats, floor.now, refused)
    if call is not None:
        make_offer(floor, floor.calls[call], operator)


def make_offer(floor: Floor, call: Call, operator: Operator) -> None:
    """Take *call* out of the line and let the phone of *operator*, who is free, ring for it."""
    queue = floor.queue_of(call)
    hush(floor, call)
    call.asking = None
    floor.line.leave(call.id)
    offer = OfferInFlight(floor.new_offer(), operator.name, floor.now)
    call.offer, call.last_offer = offer, offer.id
    operator.call, operator.offer = call.id, offer.id
    floor.set_agent(operator, AgentState.OFFERED)
    floor.note(call, "offer.made", offer=offer.id, agent=operator.name, queue=queue.name)
    ring_s = int(queue.ring_s)
    floor.do(ShowOffer(operator.name, offer.id, call.id))
    _ring(floor, call, offer, operator, ring_s)
    floor.arm(call, Timer.RING, ring_s + RING_GRACE_S)
    floor.show_queue(QueueName(queue.name))


def _ring(floor: Floor, call: Call, offer: OfferInFlight, operator: Operator, ring_s: int) -> None:
    """Let the operator's phone ring: for a caller by ``Dial()``, for a callback by a leg of its own."""
    extension, promise = operator.profile.extension, call.promise
    if promise is None:
        record = floor.to_be_recorded(call)
        if call.follow_again:
            call.follow_again = False
            floor.do(Follow(call.id))
        floor.do(Offer(call.id, offer.id, operator.name, extension, ring_s, record))
        floor.move(call, CallState.OFFERED)
        return
    call.leg = offer.leg = operator_leg(call.id, offer.id, extension)
    day = recording_file(floor, call).rpartition("/")[0]
    floor.do(CallOperator(call.id, offer.id, call.leg, operator.name, extension, ring_s, promise.number, day))
    floor.move(call, CallState.SUMMONING)


def withdraw(floor: Floor, call: Call, result: str) -> None:
    """Stop the ringing; *result* is what the journal will say when the caller is back in our hands."""
    offer = call.offer
    if offer is None:
        return
    offer.withdrawn_as = offer.withdrawn_as or result
    if not call.is_placed:
        floor.do(WithdrawOffer(call.id, offer.id, offer.leg))
    else:
        floor.do(HangUp(call.id, leg=offer.leg))
    floor.arm(call, Timer.RING, RING_GRACE_S)
