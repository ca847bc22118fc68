"""A callback that was promised: what the one call that keeps the promise carries along.

The promise is a `Call` of its own from the moment it is made. It stands in the line at the place where it
was asked for, has the record, and gets legs only when its turn has come.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId

CALLBACK = "cb-"
"""How the id of a callback begins; Asterisk's own ids begin with the system's name."""

_LEG = re.compile(rf"({CALLBACK}[0-9]+)~([0-9]+)~([0-9]+)", re.ASCII)


@dataclass(slots=True)
class Promise:
    """One promised callback.

    *number* is what will be called, *asked_from* the caller id of the asking call *asked_by*. *due_by* is
    when it must have begun; *rests_until* is set while it is out of the line (a retry, or closed hours), and
    *until_opening* if that is for the hours alone and nobody was told so.
    *held_by* are live calls of the same citizen: as long as there is one, nobody rings him or her.
    """

    number: str
    asked_by: CallId
    asked_from: str | None
    asked_at: Instant
    due_by: Instant
    attempts: int = 0
    results: list[str] = field(default_factory=list)
    rests_until: Instant | None = None
    until_opening: bool = False
    overdue: bool = False
    held_by: set[CallId] = field(default_factory=set)
    ringing: bool = False
    citizen_leg: LegId | None = None
    picked_up_at: Instant | None = None


class Step(StrEnum):
    """Where the caller is in the dialogue that leads to a promise."""

    AGAIN = "again"
    """Has a callback already: hears the place, and may keep it or wait instead."""

    CONFIRM = "confirm"
    ENTER = "enter"


@dataclass(slots=True)
class Asking:
    """The dialogue with a caller who wants a callback. *digits* are those typed so far."""

    step: Step
    number: str | None = None
    digits: str = ""
    mistakes: int = 0


@dataclass(frozen=True, slots=True)
class OperatorLeg:
    """What the id of an operator's leg says that was made for a callback."""

    call: CallId
    offer: OfferId
    extension: str


def operator_leg(call: CallId, offer: OfferId, extension: str) -> LegId:
    """Return the id of the leg that rings *extension* for *offer*; known before the leg is made."""
    return LegId(f"{call}~{offer}~{extension}")


def read_operator_leg(leg: str) -> OperatorLeg | None:
    """Return what a leg's id says, or None for a leg that was not made for a callback."""
    found = _LEG.fullmatch(leg)
    return None if found is None else OperatorLeg(CallId(found[1]), OfferId(found[2]), found[3])


def is_callback(call: str) -> bool:
    """Whether this id is a callback's."""
    return call.startswith(CALLBACK)


class Phase(StrEnum):
    """What an operator's leg that was made for a callback is doing in Asterisk."""

    MADE = "made"
    """Exists and was never dialled."""

    RINGS = "rings"
    ANSWERED = "answered"
    """The operator has accepted; the citizen's phone was not rung yet."""

    CALLING = "calling"
    TALKING = "talking"
    BACK = "back"
    """The citizen's leg is over, the operator's is with us again."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A callback's leg that outlived the controller: whose, for which offer, and what it is doing."""

    agent: AgentName | None
    offer: OfferId
    leg: LegId
    phase: Phase
