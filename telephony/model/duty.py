"""What an operator does next when an offer or a call is over: after-call work, a break, or the next call.

Whatever was asked for during the call (a break, signing out, more after-call work) is kept as *pending*
and done here, never earlier.
"""

from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.ids import Instant
from telephony.model.matching import serve_agent
from telephony.model.roster import Operator
from telephony.model.states import AgentState


def begin_after_call(floor: Floor, operator: Operator) -> None:
    """The conversation is over: after-call work with its limit, or straight on."""
    calling = floor.plan.calling
    operator.last_call, operator.call = operator.call, None
    wanted, operator.after_call_wanted = operator.after_call_wanted, False
    seconds = calling.acw_extension_s if wanted and not calling.acw_s else calling.acw_s
    if seconds <= 0:
        settle(floor, operator)
        return
    operator.after_call_began = floor.now
    operator.after_call_until = Instant(floor.now + seconds)
    floor.set_agent(operator, AgentState.AFTER_CALL)
    floor.arm_agent(operator, Timer.AFTER_CALL, operator.after_call_until)


def extend_after_call(floor: Floor, operator: Operator) -> None:
    """More time, within *acw_max_s* of the call's end."""
    calling = floor.plan.calling
    began = floor.now if operator.after_call_began is None else operator.after_call_began
    until = began if operator.after_call_until is None else operator.after_call_until
    operator.after_call_until = Instant(min(until + calling.acw_extension_s, began + calling.acw_max_s))
    floor.arm_agent(operator, Timer.AFTER_CALL, operator.after_call_until)
    floor.show_agent(operator)


def finish_after_call(floor: Floor, operator: Operator) -> None:
    """After-call work is over, by key or by time; its seconds count as work."""
    if operator.after_call_began is None:
        return
    seconds = floor.now - operator.after_call_began
    floor.loads.worked(operator.name, seconds)
    if operator.last_call is not None:
        floor.note_for(operator.last_call, "call.acw_ended", agent=operator.name, acw_s=round(seconds, 3))
    operator.after_call_began = operator.after_call_until = None
    floor.disarm_agent(operator)


def settle(floor: Floor, operator: Operator) -> None:
    """Do what was asked for during the call; else be ready, and take the next call."""
    pending, operator.pending = operator.pending, None
    operator.call = operator.offer = None
    if operator.leaving:
        floor.set_agent(operator, AgentState.LOGGED_OUT)
        floor.roster.drop(operator.name)
    elif pending is not None:
        floor.set_agent(operator, pending.state, pending.reason)
    else:
        floor.set_agent(operator, AgentState.READY)
        serve_agent(floor, operator)


def miss(floor: Floor, operator: Operator) -> None:
    """The operator did not take an offer. A number of these in a row means: not responding."""
    operator.missed += 1
    if operator.pending is None and operator.missed >= floor.plan.calling.rna_limit:
        operator.call = operator.offer = None
        floor.set_agent(operator, AgentState.NOT_RESPONDING)
    else:
        settle(floor, operator)
