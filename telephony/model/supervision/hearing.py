"""The supervisor hears the call; changing who hears whom in place, without a new ring."""

from telephony.model.commands import ShowCall
from telephony.model.floor import Floor
from telephony.model.ids import CallId
from telephony.model.supervision.commands import Hear
from telephony.model.supervision.events import SupervisionRequested, SupervisorAnswered
from telephony.model.supervision.holding import follow_mode
from telephony.model.supervision.session import Mode, Phase, Supervision
from telephony.model.supervision.taking_over import take_over


def on_answered(floor: Floor, session: Supervision, event: SupervisorAnswered) -> None:
    """The supervisor picked up: hear the call, in the mode that was wanted last."""
    del event
    session.heard_since = floor.now
    _note(floor, session, "supervision.started")
    begin_hearing(floor, session)
    follow_mode(floor, session)
    call = floor.calls[session.call]
    if session.mode is Mode.TAKEOVER:
        take_over(floor, session, call, again=False)
    else:
        floor.do(Hear(CallId(session.id), session.leg, session.call, session.mode, again=False))


def begin_hearing(floor: Floor, session: Supervision) -> None:
    """The leg hears the call from now on."""
    session.phase = Phase.HEARING
    floor.do(ShowCall(session.call))


def on_other_mode_while_ringing(floor: Floor, session: Supervision, event: SupervisionRequested) -> None:
    """Remember what is wanted once the phone is picked up."""
    del floor
    session.mode = event.mode


def on_other_mode(floor: Floor, session: Supervision, event: SupervisionRequested) -> None:
    """Change who hears whom, on the same leg."""
    if session.mode is event.mode:
        return
    session.mode = event.mode
    _note(floor, session, "supervision.changed")
    follow_mode(floor, session)
    if event.mode is Mode.TAKEOVER:
        take_over(floor, session, floor.calls[session.call], again=True)
    else:
        floor.do(Hear(CallId(session.id), session.leg, session.call, session.mode, again=True))
    floor.do(ShowCall(session.call))


def _note(floor: Floor, session: Supervision, kind: str) -> None:
    floor.note_for(
        session.call,
        kind,
        supervision=session.id,
        supervisor=session.supervisor,
        mode=session.mode.value,
        invited_by=session.invited_by,
    )
