"""The states of a call and of an operator. The moves between them are in ``table``."""

from enum import StrEnum


class CallState(StrEnum):
    """Where a live call stands. A call that is over is no longer in the model."""

    GREETING = "greeting"
    MENU = "menu"
    WAITING = "waiting"
    ASKING = "asking"
    """Waits, and asks for a callback meanwhile: keeps the place, and is offered from here at its turn."""

    GUIDANCE = "guidance"
    """Listens to guidance; whoever came from the line still stands in it."""

    MESSAGE = "message"
    SELF_SERVICE = "self-service"
    """Books, moves or cancels by keypad; stands in no line meanwhile, and comes back to the same place."""

    OFFERED = "offered"
    TALKING = "talking"
    PARTING = "parting"
    """Is being taken from the operator, to be transferred."""

    REFERRING = "referring"
    """A place on the referral list rings."""

    REFERRED = "referred"
    """Talks with that place; no operator has a part in it."""

    ENDING = "ending"
    """Its outcome is decided; the caller hears the last words, or the hang-up is on its way."""

    # A callback is in these, and in TALKING and ENDING.
    PROMISED = "promised"
    """Stands in line, or rests until a retry or an opening; there is no leg."""

    SUMMONING = "summoning"
    """The operator's phone rings for it."""

    CALLING = "calling"
    """The operator has accepted and the citizen's phone rings."""

    RELEASING = "releasing"
    """The citizen was not reached; the operator's leg is on its way out."""

    # An outreach call is in these, and in TALKING and ENDING.
    DIALLING = "dialling"
    """The phone of the operator who dialled rings."""

    REACHING = "reaching"
    """The operator has picked up and the target's phone rings."""


class AgentState(StrEnum):
    """What an operator is doing."""

    LOGGED_OUT = "logged-out"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    AFTER_CALL = "after-call"
    PAUSED = "paused"
    NOT_RESPONDING = "not-responding"


BUSY_WITH_CALL = frozenset({AgentState.OFFERED, AgentState.TALKING})
"""States in which an operator belongs to one call."""

AT_WORK = frozenset({AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.AFTER_CALL})
"""States of somebody who takes, or will soon take, the next call."""

AWAY = frozenset({AgentState.LOGGED_OUT, AgentState.PAUSED, AgentState.NOT_RESPONDING})
"""States in which an operator takes no part in the distribution."""
