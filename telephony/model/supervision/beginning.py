"""A supervisor wants to be on a call: whether that may be, and the ringing of the own phone."""

from telephony.model.call import Call
from telephony.model.commands import HangUp, ShowCall
from telephony.model.errors import IllegalEvent
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, CallId, SupervisionId
from telephony.model.roster import Operator
from telephony.model.states import BUSY_WITH_CALL, CallState
from telephony.model.supervision.commands import CallSupervisor
from telephony.model.supervision.events import HoldOutlived, SupervisionRecovered, SupervisionRequested
from telephony.model.supervision.hearing import begin_hearing
from telephony.model.supervision.holding import check_consultation, follow_mode, let_talk, on_outlived
from telephony.model.supervision.session import Mode, Phase, Supervision, supervisor_leg
from telephony.model.supervision.taking_over import check_takeover, take_over
from telephony.model.transferring.reaching import can_take


def present(floor: Floor, event: SupervisionRequested) -> SupervisionId | None:
    """Return what the supervisor has on this call already. Raises IllegalEvent for one on another call."""
    call = _talking(floor, event.call)
    check_consultation(floor, event)
    if call.agent == event.supervisor and not _took_over(floor, event.supervisor):
        raise IllegalEvent("This is your own call.")
    if event.mode is Mode.TAKEOVER:
        check_takeover(floor, call)
    held = floor.roster[event.supervisor].supervision
    if held is not None and floor.supervisions[held].call != event.call:
        raise IllegalEvent(f"You are on call {floor.supervisions[held].call}; leave that one first.")
    if held is not None and event.invited_by is not None and floor.supervisions[held].invited_by is None:
        raise IllegalEvent(f"{event.supervisor} is on this call already.")
    return held


def _talking(floor: Floor, name: CallId) -> Call:
    call = floor.calls.get(name)
    if call is None or call.state is not CallState.TALKING or floor.operator(call.agent) is None:
        raise IllegalEvent("Nobody talks with an operator on this call now.")
    return call


def _took_over(floor: Floor, supervisor: AgentName) -> bool:
    held = floor.roster[supervisor].supervision
    return held is not None and floor.supervisions[held].phase is Phase.TALKING


def on_requested(floor: Floor, event: SupervisionRequested) -> None:
    """Ring the supervisor's own phone."""
    supervisor = floor.roster[event.supervisor]
    if event.invited_by is not None and not can_take(supervisor):
        raise IllegalEvent(f"{supervisor.name} cannot take a call now.")
    _check_phone(supervisor)
    name, extension = floor.new_supervision(), supervisor.profile.extension
    leg = supervisor_leg(name, extension, event.call)
    session = Supervision(name, event.call, supervisor.name, event.mode, leg, invited_by=event.invited_by)
    _enter(floor, session, supervisor)
    if session.invited_by is not None:  # who asked sees that it rings; of a supervisor nobody need know yet
        floor.do(ShowCall(event.call))
    floor.do(CallSupervisor(CallId(name), leg, extension, int(floor.plan.supervision.ring_s)))


def _check_phone(supervisor: Operator) -> None:
    if not supervisor.registered:
        raise IllegalEvent("Your phone is not registered.")
    if supervisor.state in BUSY_WITH_CALL or not supervisor.phone_is_free:
        raise IllegalEvent("Your phone is in a call.")


def _enter(floor: Floor, session: Supervision, supervisor: Operator) -> None:
    """Take the phone: no call is offered to it meanwhile."""
    floor.supervisions[session.id] = session
    supervisor.supervision = session.id
    floor.index(supervisor)


def on_recovered(floor: Floor, event: SupervisionRecovered) -> None:
    """Take over a leg that outlived the controller; one that nobody can answer for is let go."""
    supervisor, call = floor.operator(event.supervisor), floor.calls.get(event.call)
    if supervisor is None or call is None or call.state is not CallState.TALKING or supervisor.supervision:
        floor.do(HangUp(CallId(event.supervision), leg=event.leg))
        if event.holds:
            on_outlived(floor, HoldOutlived(event.call, event.supervision))
        return
    session = Supervision(event.supervision, call.id, supervisor.name, event.mode, event.leg)
    session.invited_by = event.invited_by or (call.agent if event.mode is Mode.CONSULT else None)
    session.heard_since = floor.now
    _enter(floor, session, supervisor)
    call.held_for = session.id if event.holds else call.held_for
    follow_mode(floor, session)
    if event.mode is not Mode.TAKEOVER:
        begin_hearing(floor, session)
    elif call.agent == supervisor.name:
        session.phase = Phase.TALKING
        if call.held_for == session.id:
            let_talk(floor, call)
    else:
        take_over(floor, session, call, again=True)
