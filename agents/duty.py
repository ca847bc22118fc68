"""What an operator may set their own state to, and the event that asks the engine for it."""

from enum import StrEnum

from telephony.model.events import (
    AfterCallRequested,
    AgentEvent,
    AgentLoggedOut,
    AgentPaused,
    AgentReadied,
)
from telephony.model.ids import AgentName


class Duty(StrEnum):
    """The states one can ask for. The others (offered, talking …) are what calls do to people."""

    READY = "ready"
    PAUSED = "paused"
    AFTER_CALL = "after-call"
    LOGGED_OUT = "logged-out"


def duty_event(agent: AgentName, duty: Duty, reason: str) -> AgentEvent:
    """Return the event by which *agent* asks for *duty*; *reason* matters for a pause only."""
    match duty:
        case Duty.READY:
            return AgentReadied(agent)
        case Duty.PAUSED:
            return AgentPaused(agent, reason)
        case Duty.AFTER_CALL:
            return AfterCallRequested(agent)
        case Duty.LOGGED_OUT:
            return AgentLoggedOut(agent)
