"""An offer in flight: the phone rings, and is answered, missed, turned down or no longer needed."""

from telephony.model.call import Call, OfferInFlight, Verdict
from telephony.model.commands import EndOffer, Follow, WithdrawOffer
from telephony.model.duty import miss, settle
from telephony.model.ending import abandonment, close_book, end, verdict_of_leaving
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CallTimerFired,
    CommandRefused,
    DialStatus,
    HangupRequested,
    OfferAnswered,
    OfferDialled,
    OfferRang,
    OfferReturned,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.matching import withdraw
from telephony.model.promised import cancel_for
from telephony.model.talking import begin_talk, finish_talk, on_caller_hung_up
from telephony.model.transferring.sending import fail
from telephony.model.waiting import stand_in_line, wait_or_be_served

RESULTS = {
    DialStatus.NOANSWER: "rna",
    DialStatus.BUSY: "busy",
    DialStatus.CONGESTION: "unreachable",
    DialStatus.CHANUNAVAIL: "unreachable",
    DialStatus.CANCEL: "withdrawn",
}
"""What the journal calls each way in which ``Dial()`` comes back without an answer."""


def on_dialled(floor: Floor, call: Call, event: OfferDialled) -> None:
    """The phone was invited: by the record, this is when the offer began."""
    del event
    _offer(call).dialled_at = floor.happened


def on_rang(floor: Floor, call: Call, event: OfferRang) -> None:
    """The operator's phone rings. If the offer was withdrawn meanwhile, stop it now."""
    offer = _offer(call)
    if offer.leg is not None:
        return
    offer.leg = event.leg
    floor.note(call, "offer.rang", offer=offer.id, agent=offer.agent, leg=event.leg)
    if offer.withdrawn_as is not None:
        floor.do(WithdrawOffer(call.id, offer.id, offer.leg))


def on_answered(floor: Floor, call: Call, event: OfferAnswered) -> None:
    """The operator picked up. An offer that was withdrawn at that instant is on its way back instead."""
    del event
    offer = _offer(call)
    if offer.withdrawn_as is not None:
        offer.answered = True
    else:
        take_up(floor, call, offer)


def take_up(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """They talk."""
    close_offer(floor, call, offer, "answered")
    begin_talk(floor, call, offer)
    cancel_for(floor, call)


def on_returned(floor: Floor, call: Call, event: OfferReturned) -> None:
    """``Dial()`` came back. ANSWER without our having seen the answer means: they have talked."""
    offer = _offer(call)
    if event.status is DialStatus.ANSWER and offer.withdrawn_as is None:
        take_up(floor, call, offer)
        end(floor, call, Verdict(Outcome.ANSWERED, EndedBy.AGENT))
        finish_talk(floor, call)
        return
    _missed(floor, call, offer, offer.withdrawn_as or _result(offer, event.status))


def _result(offer: OfferInFlight, status: DialStatus) -> str:
    """Return what the journal calls it. A phone that has rung was reached: whatever it says then is a no."""
    result = RESULTS[status]
    return "rejected" if result == "unreachable" and offer.leg is not None else result


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """``Dial()`` came back while no controller was connected, and nobody had answered: back into line."""
    del event
    _missed(floor, call, _offer(call), "unreachable")


def on_refused_by_asterisk(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not make the offer: the caller is still ours. Or it came too late to withdraw it."""
    offer = _offer(call)
    if event.command == "Offer":
        _missed(floor, call, offer, "unreachable")
    elif event.command == "WithdrawOffer" and offer.answered:
        take_up(floor, call, offer)
    elif event.command == "Follow" and not call.follow_again:  # once: a dead Asterisk would say no for ever
        call.follow_again = True
        floor.do(Follow(call.id))


def _missed(floor: Floor, call: Call, offer: OfferInFlight, result: str) -> None:
    close_offer(floor, call, offer, result)
    call.refused_by.add(offer.agent)
    if call.transfer is not None:
        fail(floor, call, result)
    else:
        stand_in_line(floor, call)
        wait_or_be_served(floor, call)
    operator = floor.roster[offer.agent]
    if result == "withdrawn":
        settle(floor, operator)
    else:
        miss(floor, operator)


def on_ring_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """``Dial()`` should be back by now: withdraw."""
    del event
    withdraw(floor, call, "rna")


def on_left_while_ringing(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The caller hung up before anybody answered; Asterisk has stopped the ringing itself.

    Unless the operator of this very offer hung up first: they have talked, and we did not see the answer.
    """
    offer = _offer(call)
    if event.served == offer.id:
        take_up(floor, call, offer)
        on_caller_hung_up(floor, call, event)
        return
    close_offer(floor, call, offer, "caller-left")
    close_book(floor, call, verdict_of_leaving(event, abandonment(floor, call)))
    settle(floor, floor.roster[offer.agent])


def on_hangup_while_ringing(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends the call while a phone rings for it."""
    offer = _offer(call)
    close_offer(floor, call, offer, "withdrawn")
    end(floor, call, Verdict(abandonment(floor, call), EndedBy(event.by), "hung up on request"))
    settle(floor, floor.roster[offer.agent])


def close_offer(floor: Floor, call: Call, offer: OfferInFlight, result: str) -> None:
    """The ringing is over: its time counts as work, and the screen is told *result*."""
    call.offer = None
    operator = floor.roster[offer.agent]
    floor.loads.worked(operator.name, floor.now - offer.made_at)
    operator.offer = None
    dialled = {} if offer.dialled_at is None else {"dialled_at": offer.dialled_at}
    floor.note(call, "offer.ended", offer=offer.id, agent=offer.agent, result=result, **dialled)
    floor.do(EndOffer(offer.agent, offer.id, call.id, result))


def _offer(call: Call) -> OfferInFlight:
    if call.offer is None:
        raise RuntimeError(f"call {call.id} has no offer")  # the table allows no such event
    return call.offer
