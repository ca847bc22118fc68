"""What happens to a supervision, in the past tense."""

from dataclasses import dataclass

from telephony.model.events import Event
from telephony.model.ids import AgentName, CallId, LegId, SupervisionId
from telephony.model.supervision.session import Mode


@dataclass(frozen=True, slots=True)
class SupervisionRequested(Event):
    """*supervisor* wants to be on *call* in this *mode*; who already is changes it in place.

    *invited_by* is the operator who asks for that, to consult, confer or hand the call over (ADR 24).
    """

    call: CallId
    supervisor: AgentName
    mode: Mode
    invited_by: AgentName | None = None


@dataclass(frozen=True, slots=True)
class SupervisionEnded(Event):
    """*supervisor* wants to leave *call*."""

    call: CallId
    supervisor: AgentName


@dataclass(frozen=True, slots=True)
class SupervisionEvent(Event):
    """Something that happened to a supervision's leg; late news of one that is over mean nothing."""

    supervision: SupervisionId


@dataclass(frozen=True, slots=True)
class SupervisorAnswered(SupervisionEvent):
    """The supervisor picked up."""


@dataclass(frozen=True, slots=True)
class SupervisorLeft(SupervisionEvent):
    """The supervisor's leg is gone: not answered, hung up, or ended with the call."""


@dataclass(frozen=True, slots=True)
class TookOver(SupervisionEvent):
    """Supervisor and caller are connected; the operator's leg was let go."""


@dataclass(frozen=True, slots=True)
class SupervisionRecovered(SupervisionEvent):
    """A supervisor's leg that outlived the controller and hears *call*, or was taking it over.

    *holds*: by the journal the caller was on hold for it.
    """

    call: CallId
    supervisor: AgentName
    mode: Mode
    leg: LegId
    invited_by: AgentName | None = None
    holds: bool = False


@dataclass(frozen=True, slots=True)
class HoldOutlived(Event):
    """By the journal *call* is on hold for a *supervision* whose leg ended while no controller lived.

    Asterisk has undone the rest by itself; the recording is still silent.
    """

    call: CallId
    supervision: SupervisionId
