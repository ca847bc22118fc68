"""The table of a supervision: which event may happen in which phase. The theory on one page.

A supervisor's own phone rings (RINGING); picked up, it hears the call (HEARING) in a mode that may change in
place; a takeover moves the caller to that leg (TAKING), and then the supervisor is the call's operator
(TALKING). From every phase the supervisor may hang up, and the call may end or change hands: then the leg is
let go (LEAVING). A supervision never does anything to its call, with two exceptions: the takeover, and a
consultation, for which the caller is on hold (`holding`) as long as the leg hears in that mode.
"""

from collections.abc import Callable, Mapping
from typing import Any

from telephony.model.errors import IllegalEvent
from telephony.model.events import CallEvent, CommandRefused, Event
from telephony.model.floor import Floor
from telephony.model.ids import CallId, SupervisionId
from telephony.model.states import CallState
from telephony.model.supervision import beginning, hearing, holding, leaving, taking_over
from telephony.model.supervision import events as ev
from telephony.model.supervision.session import Phase

Row = Callable[..., None]

_ALWAYS: Mapping[type[Event], Row] = {ev.SupervisorLeft: leaving.on_left}

TABLE: Mapping[Phase, Mapping[type[Event], Row]] = {
    Phase.RINGING: {
        **_ALWAYS,
        ev.SupervisorAnswered: hearing.on_answered,
        ev.SupervisionRequested: hearing.on_other_mode_while_ringing,
        ev.SupervisionEnded: leaving.on_end_wanted,
        CommandRefused: leaving.on_no_leg,
    },
    Phase.HEARING: {
        **_ALWAYS,
        ev.SupervisorAnswered: leaving.on_nothing,
        ev.SupervisionRequested: hearing.on_other_mode,
        ev.SupervisionEnded: leaving.on_end_wanted,
        CommandRefused: leaving.on_refused,
    },
    Phase.TAKING: {
        **_ALWAYS,
        ev.SupervisorAnswered: leaving.on_nothing,
        ev.TookOver: taking_over.on_took_over,
        CommandRefused: leaving.on_refused,
    },
    Phase.TALKING: {
        **_ALWAYS,
        ev.SupervisorAnswered: leaving.on_nothing,
        ev.TookOver: leaving.on_nothing,
        CommandRefused: leaving.on_nothing,
    },
    Phase.LEAVING: {
        **_ALWAYS,
        ev.SupervisorAnswered: leaving.on_nothing,
        ev.TookOver: leaving.on_nothing,
        CommandRefused: leaving.on_no_leg,
    },
}


def concerns(floor: Floor, event: Event) -> bool:
    """Whether *event* is about a supervision, and not about a call."""
    if isinstance(event, CallEvent):
        return SupervisionId(event.call) in floor.supervisions
    return isinstance(event, _OURS)


_OURS = (
    ev.SupervisionEvent,
    ev.SupervisionRequested,
    ev.SupervisionEnded,
    ev.SupervisionRecovered,
    ev.HoldOutlived,
)


def handle(floor: Floor, event: Event) -> None:
    """Let *event* happen. Raises IllegalEvent or UnknownAgent; nothing has changed then."""
    match event:
        case ev.SupervisionRecovered():
            beginning.on_recovered(floor, event)
        case ev.HoldOutlived():
            holding.on_outlived(floor, event)
        case ev.SupervisionRequested():
            present = beginning.present(floor, event)
            if present is None:
                beginning.on_requested(floor, event)
            else:
                _happen(floor, present, event)
        case ev.SupervisionEnded():
            _happen(floor, leaving.wanted(floor, event), event)
        case ev.SupervisionEvent():
            if event.supervision in floor.supervisions:
                _happen(floor, event.supervision, event)
        case CallEvent():
            _happen(floor, SupervisionId(event.call), event)


def _happen(floor: Floor, supervision: SupervisionId, event: Any) -> None:
    session = floor.supervisions[supervision]
    row = TABLE[session.phase].get(type(event))
    if row is None:
        raise IllegalEvent(_REFUSALS.get(session.phase, f"{type(event).__name__} is not possible now."))
    row(floor, session, event)


_REFUSALS: Mapping[Phase, str] = {
    Phase.TAKING: "The takeover is under way.",
    Phase.TALKING: "You have taken this call over; hang up to end it.",
    Phase.LEAVING: "Your phone is just being let go; try again in a moment.",
}


def follow(floor: Floor, call: CallId) -> None:
    """After something happened to *call*: whoever supervises one that is over is let go."""
    live = floor.calls.get(call)
    holding.settle(floor, live)
    if not floor.supervisions or (live is not None and live.state is CallState.TALKING):
        return
    for session in list(floor.supervisions.values()):
        if session.call == call:
            leaving.let_go(floor, session)
