"""A supervision ends: the supervisor hangs up or asks to, the call is over, or Asterisk refused something."""

from telephony.model.commands import HangUp, ShowCall
from telephony.model.errors import IllegalEvent
from telephony.model.events import CommandRefused, Event
from telephony.model.floor import Floor
from telephony.model.ids import CallId, SupervisionId
from telephony.model.matching import serve_agent
from telephony.model.supervision.events import SupervisionEnded, SupervisorLeft
from telephony.model.supervision.holding import settle
from telephony.model.supervision.session import Phase, Supervision


def wanted(floor: Floor, event: SupervisionEnded) -> SupervisionId:
    """Return the supervision that is to end. Raises IllegalEvent when the supervisor has none on the call."""
    held = floor.roster[event.supervisor].supervision
    if held is None or floor.supervisions[held].call != event.call:
        raise IllegalEvent("You are not on this call.")
    return held


def on_end_wanted(floor: Floor, session: Supervision, event: SupervisionEnded) -> None:
    """The supervisor asks to leave; the call goes on."""
    del event
    let_go(floor, session)


def let_go(floor: Floor, session: Supervision) -> None:
    """Hang the supervisor's leg up, once. Asterisk may have done it already, with the call."""
    if session.phase is not Phase.LEAVING:
        session.phase = Phase.LEAVING
        floor.do(HangUp(CallId(session.id), leg=session.leg))


def on_refused(floor: Floor, session: Supervision, event: CommandRefused) -> None:
    """Asterisk did not do it: rather no supervision than one in a mode that nobody asked for."""
    del event
    let_go(floor, session)


def on_left(floor: Floor, session: Supervision, event: SupervisorLeft) -> None:
    """The leg is gone."""
    del event
    _forget(floor, session)


def on_no_leg(floor: Floor, session: Supervision, event: CommandRefused) -> None:
    """The leg could not be made, or not be hung up: if there is one after all, it is nobody's any more."""
    del event
    _forget(floor, session)


def _forget(floor: Floor, session: Supervision) -> None:
    del floor.supervisions[session.id]
    settle(floor, floor.calls.get(session.call))
    if session.heard_since is not None:
        floor.note_for(
            session.call,
            "supervision.ended",
            supervision=session.id,
            supervisor=session.supervisor,
            seconds=round(floor.now - session.heard_since, 3),
        )
    if session.heard_since is not None or session.invited_by is not None:
        floor.do(ShowCall(session.call))
    supervisor = floor.operator(session.supervisor)
    if supervisor is not None:
        supervisor.supervision = None
        floor.index(supervisor)
        serve_agent(floor, supervisor)


def on_nothing(floor: Floor, session: Supervision, event: Event) -> None:
    """The event is possible here and means nothing."""
    del floor, session, event
