"""A caller at a place outside: it rings, both talk, either hangs up; unanswered, the caller comes back."""

from telephony.model.call import Call, Verdict
from telephony.model.commands import WithdrawOffer
from telephony.model.ending import close_book, end
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CallTimerFired,
    CommandRefused,
    DialStatus,
    HangupRequested,
    OfferAnswered,
    OfferRang,
    OfferReturned,
    Timer,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.matching import RING_GRACE_S
from telephony.model.states import CallState
from telephony.model.talking import verdict_of_talk
from telephony.model.transferring.sending import fail

RESULTS = {
    DialStatus.NOANSWER: "rna",
    DialStatus.BUSY: "busy",
    DialStatus.CONGESTION: "unreachable",
    DialStatus.CHANUNAVAIL: "unreachable",
    DialStatus.CANCEL: "rna",
}


def on_rang(floor: Floor, call: Call, event: OfferRang) -> None:
    """The telephone there rings."""
    call.referral_leg = event.leg
    floor.note(call, "referral.rang", referral=call.referral, leg=event.leg)


def on_answered(floor: Floor, call: Call, event: OfferAnswered) -> None:
    """Somebody answered there; Asterisk has connected both."""
    del event
    call.transfer, call.talking_since = None, floor.now
    floor.note(call, "referral.answered", referral=call.referral)
    floor.note(call, "call.referred", referral=call.referral, how="transferred")
    floor.move(call, CallState.REFERRED)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def on_returned(floor: Floor, call: Call, event: OfferReturned) -> None:
    """Nobody answered there; or they did, have talked and hung up, and no news of it reached us."""
    if event.status is DialStatus.ANSWER:
        on_answered(floor, call, OfferAnswered(call.id, event.offer))
        on_back(floor, call, event)
    else:
        _unanswered(floor, call, RESULTS[event.status])


def on_not_called(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not call: the caller is still ours."""
    if event.command == "CallReferral":
        _unanswered(floor, call, "unreachable")


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """``Dial()`` came back while no controller was connected, and nobody had answered."""
    del event
    _unanswered(floor, call, "unreachable")


def _unanswered(floor: Floor, call: Call, result: str) -> None:
    floor.note(call, "referral.ended", referral=call.referral, result=result)
    call.referral = call.referral_leg = None
    fail(floor, call, result)


def on_ring_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """``Dial()`` should be back by now: end the ringing."""
    del event
    if call.last_offer is not None:
        floor.do(WithdrawOffer(call.id, call.last_offer, call.referral_leg))
    floor.arm(call, Timer.RING, RING_GRACE_S)


def on_back(floor: Floor, call: Call, event: OfferReturned) -> None:
    """They have talked; the place's leg ended without its telephone saying so."""
    del event
    _talked(floor, call)
    end(floor, call, call.verdict or Verdict(Outcome.ANSWERED, EndedBy.AGENT))


def on_left(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The call is over; the event says whether the place hung up first."""
    verdict = call.verdict or verdict_of_talk(call, event)
    _talked(floor, call)
    close_book(floor, call, verdict)


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends it."""
    _talked(floor, call)
    end(floor, call, Verdict(Outcome.ANSWERED, EndedBy(event.by)))


def on_talked_too_long(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """Nobody talks for hours: a leg was forgotten somewhere."""
    del event
    _talked(floor, call)
    end(floor, call, Verdict(Outcome.ANSWERED, EndedBy.SYSTEM, "longer than the longest call allowed"))


def _talked(floor: Floor, call: Call) -> None:
    result = "talked" if call.state is CallState.REFERRED else "caller-left"
    floor.note(call, "referral.ended", referral=call.referral, result=result)
