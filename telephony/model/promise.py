"""A callback that was promised: what the one call that keeps the promise carries along.

The promise is a `Call` of its own from the moment it is made. It stands in the line at the place where it
was asked for, has the record, and gets legs only when its turn has come.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from telephony.model.ids import CallId, Instant, LegId

CALLBACK = "cb-"
"""How the id of a callback begins; Asterisk's own ids begin with the system's name."""


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


def is_callback(call: str) -> bool:
    """Whether this id is a callback's."""
    return call.startswith(CALLBACK)
