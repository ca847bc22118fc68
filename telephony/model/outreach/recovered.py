"""An outreach call of an earlier controller is taken over where it stands.

What was not dialled yet goes on; what was dialled is never dialled again, for the target may have been rung.
How it ended, the dialplan may have noted.
"""

from telephony.model.call import Call, OfferInFlight, Verdict
from telephony.model.calling_back import NOTICE_S, on_citizen_hung_up
from telephony.model.commands import HangUp
from telephony.model.ending import close_book
from telephony.model.events import CitizenReturned, DialStatus, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.noted import close_talk, result_of
from telephony.model.operator_leg import BEFORE_DIALLING, InFlight, Phase
from telephony.model.outreach.beginning import show_ringing, take_up
from telephony.model.outreach.ending import close, fail
from telephony.model.outreach.events import OutreachRecovered
from telephony.model.outreach.reaching import begin_conversation, hold_operator, ring_target
from telephony.model.outreach.shape import Outreach, Result
from telephony.model.roster import Operator
from telephony.model.states import BUSY_WITH_CALL, CallState


def on_recovered(floor: Floor, event: OutreachRecovered) -> None:
    """Take the call over with its leg; without one it is over. In a disaster nobody is dialled any more."""
    call = _call(floor, event)
    floor.calls[call.id] = call
    flight = event.in_flight
    operator = None if flight is None else floor.operator(flight.agent)
    if operator is not None and operator.state in BUSY_WITH_CALL:
        operator = None
    if flight is None:
        _end(floor, call, event)
    elif _is_over(floor, event, flight, operator):
        call.leg = flight.leg
        floor.do(HangUp(call.id, leg=flight.leg))
        _end(floor, call, event)
    else:
        call.leg, call.last_offer = flight.leg, flight.offer
        _go_on(floor, call, event, flight, operator)


def _is_over(floor: Floor, event: OutreachRecovered, flight: InFlight, operator: Operator | None) -> bool:
    """Whether only the hang-up was lost, or nobody can take the call up."""
    nobody = operator is None or floor.emergency is not None
    return (
        event.failed is not None
        or flight.phase is Phase.MADE
        or (nobody and flight.phase in BEFORE_DIALLING)
        or (flight.phase is Phase.BACK and event.reached_at is None)
    )


def _call(floor: Floor, event: OutreachRecovered) -> Call:
    call = Call(event.call, event.number, event.dialled, event.requested_at, CallState.DIALLING, floor.now)
    call.outreach = Outreach(event.row, event.number, event.agent)
    call.talking_since, call.recovered = event.reached_at, True
    return call


def _end(floor: Floor, call: Call, event: OutreachRecovered) -> None:
    """Write the last fact of a call that is over, as far as it is known."""
    if event.attempted and event.failed is None:
        _learn_of_talk(floor, call, event)
    if call.talking_since is not None:
        close_book(floor, call, close_talk(floor, call, event.noted))
    elif event.failed is not None:
        close_book(floor, call, Verdict(Outcome.FAILED, EndedBy.SYSTEM, f"not reached: {event.failed}"))
    else:
        known = Result(result_of(event.noted) or Result.UNKNOWN)
        fail(floor, call, known if event.attempted else Result.NOT_DIALLED)
        close(floor, call)


def _learn_of_talk(floor: Floor, call: Call, event: OutreachRecovered) -> None:
    """Note that the target was reached, if the dialplan says so."""
    if call.talking_since is None and event.noted is not None and event.noted.talk_began_at is not None:
        call.agent, call.last_offer = event.agent, event.offer
        begin_conversation(floor, call, event.noted.talk_began_at)


def _go_on(
    floor: Floor, call: Call, event: OutreachRecovered, flight: InFlight, operator: Operator | None
) -> None:
    offer = None if operator is None else OfferInFlight(flight.offer, operator.name, floor.now, flight.leg)
    if operator is not None and offer is not None:
        if flight.phase in BEFORE_DIALLING and not event.attempted:
            show_ringing(floor, call, offer, operator)
        else:
            hold_operator(floor, call, offer)
    match flight.phase:
        case Phase.ANSWERED if event.attempted:
            ring_target(floor, call)
        case Phase.ANSWERED if offer is not None:
            take_up(floor, call, offer)
        case Phase.CALLING:
            floor.move(call, CallState.REACHING)
            floor.arm(call, Timer.RING, floor.plan.outreach.ring_s + NOTICE_S)
        case Phase.TALKING:
            _talking(floor, call, event)
        case Phase.BACK:
            on_citizen_hung_up(floor, call, CitizenReturned(call.id, flight.offer, DialStatus.ANSWER))
        case _:
            pass


def _talking(floor: Floor, call: Call, event: OutreachRecovered) -> None:
    _learn_of_talk(floor, call, event)
    if call.talking_since is None:
        begin_conversation(floor, call)
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)
