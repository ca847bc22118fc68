"""The takeover: the supervisor becomes the call's operator, who goes to after-call work (R2, R14)."""

from telephony.model.call import Call
from telephony.model.duty import begin_after_call, finish_after_call
from telephony.model.errors import IllegalEvent
from telephony.model.floor import Floor
from telephony.model.ids import CallId
from telephony.model.recording import record_as_wanted, recording_file
from telephony.model.roster import Operator, Pending
from telephony.model.states import AWAY, AgentState, CallState
from telephony.model.supervision.commands import TakeOver
from telephony.model.supervision.events import TookOver
from telephony.model.supervision.holding import let_talk
from telephony.model.supervision.leaving import let_go
from telephony.model.supervision.session import Phase, Supervision
from telephony.model.talking import finish_operators_part


def check_takeover(floor: Floor, call: Call) -> None:
    """Raise IllegalEvent with a sentence if nobody can take *call* over now."""
    if call.is_placed:
        raise IllegalEvent("A call that the centre places cannot be taken over; barge in instead.")
    if any(each.call == call.id and each.phase is Phase.TAKING for each in floor.supervisions.values()):
        raise IllegalEvent("Somebody is taking this call over already.")


def take_over(floor: Floor, session: Supervision, call: Call, *, again: bool) -> None:
    """Move the caller to the supervisor's leg, which hears the call already if *again*."""
    session.phase = Phase.TAKING
    file = recording_file(floor, call) if floor.plan.recording.enabled and call.recorded else None
    order = TakeOver(CallId(session.id), session.leg, call.id, file, call.recording_paused, again=again)
    floor.do(order)


def on_took_over(floor: Floor, session: Supervision, event: TookOver) -> None:
    """Both are connected: let the operator go, and put the supervisor in their place."""
    del event
    call, supervisor = floor.calls.get(session.call), floor.operator(session.supervisor)
    if call is None or call.state is not CallState.TALKING or supervisor is None:
        let_go(floor, session)
        return
    session.phase, operator = Phase.TALKING, floor.operator(call.agent)
    if call.held_for == session.id:
        let_talk(floor, call)
    finish_operators_part(floor, call)
    if operator is not None:
        begin_after_call(floor, operator)
    call.agent, call.talking_since = supervisor.name, floor.now
    floor.note(
        call,
        "call.taken_over",
        supervision=session.id,
        agent=supervisor.name,
        from_agent=None if operator is None else operator.name,
        invited_by=session.invited_by,
    )
    _put_in_place(floor, supervisor, call)
    record_as_wanted(floor, call)  # somebody may have paused it, or let it go on, while it changed legs
    floor.move(call, CallState.TALKING)


def _put_in_place(floor: Floor, supervisor: Operator, call: Call) -> None:
    """The supervisor talks; whoever was away before is away again after the call."""
    finish_after_call(floor, supervisor)
    if supervisor.state in AWAY:
        supervisor.pending = supervisor.pending or _as_before(supervisor)
    supervisor.missed, supervisor.call = 0, call.id
    floor.set_agent(supervisor, AgentState.TALKING)


def _as_before(supervisor: Operator) -> Pending:
    return Pending(supervisor.state, supervisor.reason)
