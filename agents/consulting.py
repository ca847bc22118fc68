"""How an operator has somebody join a call: in words of the desk, and as the model's events (ADR 24)."""

from enum import StrEnum

from telephony.model.ids import AgentName, CallId
from telephony.model.supervision.events import SupervisionRequested
from telephony.model.supervision.session import Mode


class Joining(StrEnum):
    """What somebody joins for. Each can follow each, in place."""

    CONSULT = "consult"
    """Talks with the operator while the caller waits with music."""

    ADVISE = "advise"
    """Hears both; the operator alone hears the advice."""

    CONFERENCE = "conference"
    """All three hear each other."""

    COMPLETE = "complete"
    """Talks with the caller in the operator's place, who goes to after-call work."""


MODES = {
    Joining.CONSULT: Mode.CONSULT,
    Joining.ADVISE: Mode.WHISPER,
    Joining.CONFERENCE: Mode.BARGE,
    Joining.COMPLETE: Mode.TAKEOVER,
}


def invitation(call: CallId, who: str, joining: Joining, by: AgentName) -> SupervisionRequested:
    """Return the event by which the operator *by* has *who* join *call*."""
    return SupervisionRequested(call, AgentName(who), MODES[joining], invited_by=by)
