"""What an outreach call carries along, how it can end, and what can stand in its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from telephony.model.errors import IllegalEvent
from telephony.model.ids import AgentName, Instant, LegId

OUTREACH = "or-"
"""How the id of an outreach call begins; Asterisk's own ids begin with the system's name."""


class Result(StrEnum):
    """How it ended."""

    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    UNREACHABLE = "unreachable"
    OPERATOR_LEFT = "operator-left"
    """The operator hung up while the other phone rang."""

    NOT_DIALLED = "not-dialled"
    """The operator's own phone was not picked up: nobody outside was rung."""

    UNKNOWN = "unknown"
    """Nobody saw the end."""


PROPOSED: Mapping[Result, str] = {Result.BUSY: "busy", Result.NO_ANSWER: "no-answer"}
"""What came of the call, in the words of the outreach list, where the telephone knows it for certain."""


@dataclass(slots=True)
class Outreach:
    """One outreach call; *row* is its number among the calls that may be dialled (``outreach_calls``)."""

    row: int
    number: str
    agent: AgentName
    ringing: bool = False
    target_leg: LegId | None = None
    picked_up_at: Instant | None = None


def is_outreach(call: str) -> bool:
    """Whether this id is an outreach call's."""
    return call.startswith(OUTREACH)


class Obstacle(StrEnum):
    """Why an operator cannot dial now; nothing has been dialled."""

    NO_OPERATOR = "Nobody of this name is on the roster."
    ON_A_CALL = "This operator is on a call, or one is being offered."
    NO_PHONE = "The telephone of this operator is not registered."
    PHONE_IN_USE = "The telephone of this operator is in use."
    NO_TRUNK = "No trunk of this centre places calls."
    EMERGENCY = "Nobody is called in the disaster mode."
    TWICE = "This call is being placed already."


class CannotDial(IllegalEvent):
    """The call cannot begin now."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle
