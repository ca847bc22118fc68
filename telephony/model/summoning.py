"""A callback's turn has come: an operator's phone rings for it, on a leg of its own (R3).

The counterpart of `offering`, with the same promises: an operator who does not accept costs the citizen
neither place nor attempt. What follows the answer is in `calling_back`.
"""

from telephony.model.call import Call, OfferInFlight
from telephony.model.calling_back import after_attempt, hold_operator, ring_citizen
from telephony.model.commands import HangUp
from telephony.model.duty import miss, settle
from telephony.model.events import CallTimerFired, CommandRefused, OfferAnswered, OfferRang, OperatorLeft
from telephony.model.floor import Floor
from telephony.model.matching import withdraw
from telephony.model.offering import close_offer
from telephony.model.operator_leg import result_of_offer
from telephony.model.promised import promise_of


def on_operator_rang(floor: Floor, call: Call, event: OfferRang) -> None:
    """The operator's phone rings."""
    promise, offer = promise_of(call), _offer(call)
    if not promise.ringing:
        promise.ringing = True
        floor.note(call, "offer.rang", offer=offer.id, agent=offer.agent, leg=event.leg)


def on_operator_answered(floor: Floor, call: Call, event: OfferAnswered) -> None:
    """The operator accepted: now the citizen. An offer that was withdrawn at that instant is over instead."""
    del event
    offer = _offer(call)
    if offer.withdrawn_as is None:
        take_up(floor, call, offer)


def take_up(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """Begin an attempt with the operator who accepted."""
    close_offer(floor, call, offer, "answered")
    promise = promise_of(call)
    promise.attempts += 1
    floor.note(call, "callback.attempted", attempt=promise.attempts, offer=offer.id, agent=offer.agent)
    hold_operator(floor, call, offer)
    ring_citizen(floor, call)


def on_operator_gone(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """Nobody answered, or the offer was withdrawn; the promise takes its place again."""
    offer = _offer(call)
    result = result_of_offer(event.cause, rang=promise_of(call).ringing)
    _missed(floor, call, offer, offer.withdrawn_as or result)


def on_ring_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """The leg should be gone by now: withdraw; the second time believe that it never was."""
    del event
    offer = _offer(call)
    if offer.withdrawn_as is None:
        withdraw(floor, call, "rna")
    else:
        floor.do(HangUp(call.id, leg=call.leg))
        _missed(floor, call, offer, offer.withdrawn_as)


def on_refused_by_asterisk(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not ring this phone."""
    if event.command == "CallOperator":
        floor.do(HangUp(call.id, leg=call.leg))
        _missed(floor, call, _offer(call), "unreachable")


def _missed(floor: Floor, call: Call, offer: OfferInFlight, result: str) -> None:
    close_offer(floor, call, offer, result)
    call.leg, promise_of(call).ringing = None, False
    if result != "withdrawn":
        call.refused_by.add(offer.agent)
    after_attempt(floor, call)
    operator = floor.roster[offer.agent]
    if result == "withdrawn":
        settle(floor, operator)
    else:
        miss(floor, operator)


def _offer(call: Call) -> OfferInFlight:
    if call.offer is None:
        raise RuntimeError(f"call {call.id} has no offer")  # the table allows no such event
    return call.offer
