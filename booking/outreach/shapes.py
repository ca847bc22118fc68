"""The shapes of answers about outreach, for ``/api/openapi.json``."""

from datetime import date, datetime
from typing import Literal

from agents.web.shapes import Shape
from booking.outreach.wishes import Outcome

Kind = Literal["business", "care-home", "other"]


class GateShape(Shape):
    """Whether calls may be placed today. *why_not* is a sentence, or null when they may be now."""

    day: date
    allowed: bool
    open_now: bool
    why_not: str | None
    calls: int
    open_days_gone: int
    open_days: int
    forecast: float | None
    expected: int
    half: float
    from_day: int
    cap: int
    made: int
    left: int
    decided_at: datetime
    definition: str


class TargetShape(Shape):
    """Somebody to call. *open_call*: a call that has no outcome yet."""

    id: int
    list: str
    name: str
    phone: str
    phone_written: str
    kind: Kind
    kind_title: str
    address: str | None
    contact: str | None
    notes: str | None
    state: Literal["waiting", "done"]
    attempts: int
    outcome: Outcome | None
    not_before: datetime | None
    locked_by: str | None
    locked_until: datetime | None
    open_call: int | None


class NextTarget(TargetShape):
    """The target in hand, with what to say."""

    script: list[str]
    gate: GateShape


class TargetList(Shape):
    """Targets in the order of the lists."""

    targets: list[TargetShape]


class DialShape(Shape):
    """What is dialled, counted as call *call*; *rings*: the operator whose phone rings for it, or null."""

    call: int
    target: int
    number: str
    number_written: str
    left: int
    rings: str | None


class OutreachCall(Shape):
    """One call."""

    id: int
    target: int
    name: str
    list: str
    kind: Kind
    phone: str
    phone_written: str
    at: datetime
    by: str
    outcome: Outcome | None
    note: str | None
    settled_at: datetime | None


class OutreachCalls(Shape):
    """The calls of a day."""

    calls: list[OutreachCall]


class Taken(Shape):
    """What was taken in: rows of the list, and how many of them are new."""

    rows: int
    added: int


class BarredNumber(Shape):
    """A number that is not called."""

    phone: str
    phone_written: str
    reason: str
    at: datetime
    by: str


class BarredList(Shape):
    """The do-not-call list."""

    numbers: list[BarredNumber]
