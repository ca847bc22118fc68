"""A transfer is wanted, and the caller is taken from the operator, who goes to after-call work."""

from telephony.model.call import Call
from telephony.model.events import CallTimerFired, CommandRefused, OfferReturned, Timer
from telephony.model.floor import Floor
from telephony.model.states import CallState
from telephony.model.talking import finish_talk
from telephony.model.transferring import reaching, sending
from telephony.model.transferring.commands import TakeFromOperator
from telephony.model.transferring.events import CallerTransferred, TransferRequested
from telephony.model.transferring.target import Transfer, words

TAKING_LIMIT_S = 5
"""Asterisk takes a caller out of a talk within milliseconds."""


def on_requested(floor: Floor, call: Call, event: TransferRequested) -> None:
    """Take the caller from the operator. Nothing has changed for anybody until that is done."""
    reaching.check(floor, call, event.target)
    call.transfer = Transfer(event.target, call.agent, event.by)
    floor.do(TakeFromOperator(call.id))
    floor.move(call, CallState.PARTING)
    floor.arm(call, Timer.TRANSFER, TAKING_LIMIT_S)


def on_not_taken(floor: Floor, call: Call, event: CommandRefused | CallTimerFired) -> None:
    """Asterisk did not do it: they talk on. Should it have done it after all, the caller comes back later."""
    del event
    transfer, call.transfer = call.transfer, None
    if transfer is not None:
        sending.note_failure(floor, call, transfer, "not-taken")
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def on_taken(floor: Floor, call: Call, event: CallerTransferred) -> None:
    """The caller is in our hands as it was wanted at a screen."""
    del event
    _take(floor, call)


def on_operator_gone(floor: Floor, call: Call, event: OfferReturned) -> None:
    """The operator's leg ended in the same instant: the caller came to us by another way."""
    del event
    _take(floor, call)


def on_sent_by_phone(floor: Floor, call: Call, event: CallerTransferred) -> None:
    """The operator's phone has transferred the caller (SIP REFER), or an order came through after all."""
    target = None if event.dialled is None else reaching.read(floor, event.dialled)
    call.transfer = Transfer(target, call.agent, "phone")
    _take(floor, call)


def _take(floor: Floor, call: Call) -> None:
    transfer = call.transfer
    if transfer is None:
        raise RuntimeError(f"call {call.id} has no transfer")  # the table allows no such event
    finish_talk(floor, call)
    call.agent, call.recording_paused, call.held_for, call.waiting_since = None, False, None, floor.now
    floor.note(
        call,
        "call.transferred",
        how="blind",
        by=transfer.by,
        from_agent=transfer.from_agent,
        **words(transfer.target),
    )
    sending.send(floor, call, transfer)
