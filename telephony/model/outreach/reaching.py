"""The operator has picked up: the target's phone rings, then both talk (R18).

The dialplan is that of callbacks. That the target is dialled is a fact before its phone can ring.
"""

from telephony.model.call import Call, OfferInFlight
from telephony.model.calling_back import RESULTS, give_operator, note_talk, on_citizen_hung_up, ring_number
from telephony.model.events import (
    CallTimerFired,
    CitizenAnswered,
    CitizenRang,
    CitizenReturned,
    CommandRefused,
    DialStatus,
    HangupRequested,
    OperatorLeft,
    Timer,
)
from telephony.model.facts import EndedBy
from telephony.model.floor import Floor
from telephony.model.ids import Instant
from telephony.model.outreach.ending import (
    close,
    fail,
    free_operator,
    let_go,
    outreach_of,
    result_of_leaving,
)
from telephony.model.outreach.shape import Result
from telephony.model.states import CallState


def begin_dialling(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """Write down that the target is dialled, and dial."""
    floor.note(call, "outreach.dialled", offer=offer.id, agent=offer.agent)
    hold_operator(floor, call, offer)
    ring_target(floor, call)


def hold_operator(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """The operator is on the line and belongs to this call."""
    outreach = outreach_of(call)
    outreach.picked_up_at, outreach.ringing = floor.now, False
    give_operator(floor, call, offer)


def ring_target(floor: Floor, call: Call) -> None:
    """Let the target's phone ring; that is written down already."""
    floor.move(call, CallState.REACHING)
    ring_number(floor, call, outreach_of(call).number, int(floor.plan.outreach.ring_s))


def on_target_rang(floor: Floor, call: Call, event: CitizenRang) -> None:
    """The target's leg exists; another one if another trunk took the call."""
    outreach = outreach_of(call)
    if outreach.target_leg != event.leg:
        outreach.ringing, outreach.target_leg = True, event.leg
        floor.note(call, "outreach.rang", leg=event.leg, sip_call_id=event.sip_call_id)


def on_target_answered(floor: Floor, call: Call, event: CitizenAnswered) -> None:
    """The target picked up: they talk."""
    begin_conversation(floor, call, event.at)
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def begin_conversation(floor: Floor, call: Call, at: Instant | None = None) -> None:
    """Note that the target was reached (*at* that instant, else now), and who talks. Nobody has waited."""
    call.talking_since, outreach_of(call).ringing = floor.now if at is None else at, False
    floor.note_at(at, call, "outreach.reached")
    note_talk(floor, call, at, None)


def on_target_returned(floor: Floor, call: Call, event: CitizenReturned) -> None:
    """``Dial()`` is over. ANSWER without our having seen the answer means: they have talked."""
    if event.status is DialStatus.ANSWER:
        begin_conversation(floor, call)
        on_citizen_hung_up(floor, call, event)
    else:
        _give_up(floor, call, Result(RESULTS[event.status]))


def on_operator_left_early(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The operator hung up before the target answered; Asterisk has stopped the ringing itself."""
    result = result_of_leaving(event)
    fail(floor, call, result, EndedBy.SYSTEM if result is Result.UNKNOWN else EndedBy.AGENT)
    free_operator(floor, call)
    close(floor, call)


def on_hung_up_early(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends the call from the screen while the target's phone rings."""
    _give_up(floor, call, Result.OPERATOR_LEFT, EndedBy(event.by))


def on_ring_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """``Dial()`` should be back by now."""
    del event
    _give_up(floor, call, Result.NO_ANSWER)


def on_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not ring the target, or the journal could not write it down."""
    if event.command == "CallCitizen":
        _give_up(floor, call, Result.UNREACHABLE)


def _give_up(floor: Floor, call: Call, result: Result, by: EndedBy = EndedBy.SYSTEM) -> None:
    fail(floor, call, result, by)
    let_go(floor, call)
    free_operator(floor, call)
