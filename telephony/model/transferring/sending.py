"""The caller is in our hands: on to whom was meant, else back to whom they came from, else to the front.

Every way that fails ends with a person, at the front of a line, or with the announcement of a closed centre:
no caller is lost on the way (R3).
"""

import math

from telephony.model.call import Call
from telephony.model.duty import finish_after_call
from telephony.model.errors import ModelError
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, QueueName
from telephony.model.matching import make_offer
from telephony.model.roster import Operator, Pending
from telephony.model.states import AWAY, AgentState
from telephony.model.transferring import dialling, reaching
from telephony.model.transferring.target import Kind, Target, Transfer, words
from telephony.model.waiting import join_line


def send(floor: Floor, call: Call, transfer: Transfer) -> None:
    """Send the caller to whom was meant; whoever cannot be reached any more counts as busy."""
    target = transfer.target
    if target is None or not _possible(floor, call, target):
        fail(floor, call, "unknown" if target is None else "busy")
        return
    match target.kind:
        case Kind.OPERATOR:
            _ring(floor, call, floor.roster[AgentName(target.name)])
        case Kind.QUEUE:
            _to_front(floor, call, QueueName(target.name), transfer)
        case Kind.REFERRAL:
            dialling.ring(floor, call, target.name)


def _possible(floor: Floor, call: Call, target: Target) -> bool:
    try:
        reaching.check(floor, call, target)
    except ModelError:
        return False
    return True


def fail(floor: Floor, call: Call, result: str) -> None:
    """Nobody took the caller: ring whoever transferred, once; and if that fails, stand at the front."""
    transfer = call.transfer
    if transfer is None:
        raise RuntimeError(f"call {call.id} has no transfer")  # the callers of this look before
    note_failure(floor, call, transfer, result)
    back = floor.operator(transfer.from_agent)
    if back is not None and _takes_back(back):  # who has just been rung in vain is still being offered it
        transfer.returning = True
        _ring(floor, call, back)
    else:
        _to_front(floor, call, _own_queue(floor, call), transfer)


def _own_queue(floor: Floor, call: Call) -> QueueName:
    known = call.queue in floor.queues
    return call.queue if known and call.queue is not None else QueueName(floor.plan.queues[0].name)


def note_failure(floor: Floor, call: Call, transfer: Transfer, result: str) -> None:
    """Write down that this part of the transfer came to nothing."""
    back = transfer.returning
    floor.note(call, "call.transfer_failed", **words(transfer.target), returning=back, result=result)


def _takes_back(operator: Operator) -> bool:
    """Whether the caller may come back: the after-call work of this very call is not in the way."""
    return operator.phone_is_free and operator.state in (
        AgentState.AFTER_CALL,
        AgentState.READY,
        AgentState.LOGGED_OUT,
    )


def _ring(floor: Floor, call: Call, operator: Operator) -> None:
    """Ring this one phone; whoever was away before is away again afterwards."""
    finish_after_call(floor, operator)
    if operator.state in AWAY:
        operator.pending = operator.pending or Pending(operator.state, operator.reason)
    make_offer(floor, call, operator)


def _to_front(floor: Floor, call: Call, queue: QueueName, transfer: Transfer) -> None:
    """Stand at the front: they have waited once. Whoever transferred comes last."""
    call.transfer = call.waiting_since = None  # whoever finds the line closed stands in none
    call.refused_by = {transfer.from_agent} if transfer.from_agent is not None else set()
    join_line(floor, call, queue, math.inf)
