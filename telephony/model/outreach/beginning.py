"""An operator dials: whether that may be, and the ringing of the operator's own phone (R18).

The operator belongs to the call from the first moment, so no other call is offered meanwhile. A phone that is
not picked up is no missed offer: nobody waited.
"""

from telephony.model.call import Call, OfferInFlight
from telephony.model.commands import CallOperator, HangUp, ShowOffer
from telephony.model.duty import finish_after_call, settle
from telephony.model.events import (
    CallTimerFired,
    CommandRefused,
    HangupRequested,
    OfferAnswered,
    OfferRang,
    OperatorLeft,
    Timer,
)
from telephony.model.facts import EndedBy
from telephony.model.floor import Floor
from telephony.model.ids import AgentName
from telephony.model.matching import RING_GRACE_S, withdraw
from telephony.model.offering import close_offer
from telephony.model.operator_leg import operator_leg, result_of_offer
from telephony.model.outreach.ending import close, fail, outreach_of
from telephony.model.outreach.events import OutreachRequested
from telephony.model.outreach.reaching import begin_dialling
from telephony.model.outreach.shape import CannotDial, Obstacle, Outreach, Result
from telephony.model.promised import hold_for
from telephony.model.recording import recording_file
from telephony.model.roster import Operator
from telephony.model.states import AWAY, BUSY_WITH_CALL, AgentState, CallState
from telephony.model.taking_out import borrow

OPERATOR_RING_S = 20
"""Whoever has pressed the key sits at the phone."""


def obstacle(floor: Floor, agent: AgentName) -> Obstacle | None:
    """Return what keeps *agent* from dialling now, or None. Not being ready does not: a phone is enough."""
    operator = floor.roster.get(agent)
    if operator is None or operator.leaving:
        return Obstacle.NO_OPERATOR
    standing = {
        Obstacle.EMERGENCY: floor.emergency is not None,
        Obstacle.ON_A_CALL: operator.state in BUSY_WITH_CALL,
        Obstacle.NO_PHONE: not operator.registered,
        Obstacle.PHONE_IN_USE: not operator.phone_is_free,
        Obstacle.NO_TRUNK: own_number(floor) is None,
    }
    return next((each for each, stands in standing.items() if stands), None)


def own_number(floor: Floor) -> str | None:
    """Return the number of ours that calls: the first one whose trunk places calls."""
    numbers = (number.number for number in floor.plan.numbers)
    return next((number for number in numbers if floor.trunk_of(number).outbound is not None), None)


def on_requested(floor: Floor, event: OutreachRequested) -> None:
    """Ring the operator's own phone. Raises `CannotDial`; nothing has changed then."""
    hindrance, dialled = obstacle(floor, event.agent), own_number(floor)
    twice = any(call.outreach and call.outreach.row == event.row for call in floor.calls.values())
    if hindrance is not None or dialled is None or twice:
        raise CannotDial(hindrance or (Obstacle.TWICE if twice else Obstacle.NO_TRUNK))
    operator = floor.roster[event.agent]
    call = Call(floor.new_outreach(), event.number, dialled, floor.now, CallState.DIALLING, floor.now)
    call.outreach, call.agent = Outreach(event.row, event.number, event.agent), event.agent
    floor.calls[call.id] = call
    floor.note(
        call,
        "outreach.requested",
        outreach=event.row,
        number=event.number,
        agent=event.agent,
        dialled=dialled,
    )
    hold_for(floor, call)
    _take(floor, operator)
    _ring(floor, call, operator)


def _take(floor: Floor, operator: Operator) -> None:
    """Let the operator stop what they are doing; a break is a break again afterwards."""
    if operator.state is AgentState.NOT_RESPONDING:
        operator.missed = 0
        floor.loads.returned(operator.name, floor.ready.floor(operator.seats))
    elif operator.state in AWAY:
        borrow(floor, operator)
    finish_after_call(floor, operator)


def _ring(floor: Floor, call: Call, operator: Operator) -> None:
    extension = operator.profile.extension
    offer = OfferInFlight(floor.new_offer(), operator.name, floor.now)
    call.leg = offer.leg = operator_leg(call.id, offer.id, extension)
    show_ringing(floor, call, offer, operator)
    floor.note(call, "offer.made", offer=offer.id, agent=operator.name, queue=None)
    day = recording_file(floor, call).rpartition("/")[0]
    number = outreach_of(call).number
    order = (call.id, offer.id, call.leg, operator.name, extension, OPERATOR_RING_S, number, day)
    floor.do(CallOperator(*order, asked_for=False))


def show_ringing(floor: Floor, call: Call, offer: OfferInFlight, operator: Operator) -> None:
    """Take the operator, show the call on the screen, and wait for the phone."""
    call.offer, call.last_offer = offer, offer.id
    operator.call, operator.offer = call.id, offer.id
    floor.set_agent(operator, AgentState.OFFERED)
    floor.do(ShowOffer(operator.name, offer.id, call.id))
    floor.move(call, CallState.DIALLING)
    floor.arm(call, Timer.RING, OPERATOR_RING_S + RING_GRACE_S)


def on_operator_rang(floor: Floor, call: Call, event: OfferRang) -> None:
    """The operator's phone rings."""
    outreach, offer = outreach_of(call), _offer(call)
    if not outreach.ringing:
        outreach.ringing = True
        floor.note(call, "offer.rang", offer=offer.id, agent=offer.agent, leg=event.leg)


def on_operator_answered(floor: Floor, call: Call, event: OfferAnswered) -> None:
    """The operator picked up: now the target. Unless the call was given up at that instant."""
    del event
    offer = _offer(call)
    if offer.withdrawn_as is None:
        take_up(floor, call, offer)


def take_up(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """Dial the target for the operator who picked up."""
    close_offer(floor, call, offer, "answered")
    begin_dialling(floor, call, offer)


def on_operator_gone(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The own phone was not picked up, or the call was given up: nobody outside was rung."""
    offer = _offer(call)
    result = result_of_offer(event.cause, rang=outreach_of(call).ringing)
    _not_dialled(floor, call, offer, offer.withdrawn_as or result)


def on_ring_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """The leg should be gone by now: withdraw; the second time believe that it never was."""
    del event
    offer = _offer(call)
    if offer.withdrawn_as is None:
        withdraw(floor, call, "rna")
    else:
        floor.do(HangUp(call.id, leg=call.leg))
        _not_dialled(floor, call, offer, offer.withdrawn_as)


def on_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not ring this phone."""
    if event.command == "CallOperator":
        floor.do(HangUp(call.id, leg=call.leg))
        _not_dialled(floor, call, _offer(call), "unreachable")


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Given up before the own phone was picked up."""
    del event
    withdraw(floor, call, "withdrawn")


def on_emergency(floor: Floor) -> None:
    """A disaster: who is about to dial dials no more. Conversations go on."""
    for call in [call for call in floor.calls.values() if call.state is CallState.DIALLING]:
        withdraw(floor, call, "withdrawn")


def _not_dialled(floor: Floor, call: Call, offer: OfferInFlight, result: str) -> None:
    close_offer(floor, call, offer, result)
    fail(floor, call, Result.NOT_DIALLED, EndedBy.AGENT)
    close(floor, call)
    settle(floor, floor.roster[offer.agent])


def _offer(call: Call) -> OfferInFlight:
    if call.offer is None:
        raise RuntimeError(f"call {call.id} has no offer")  # the table allows no such event
    return call.offer
