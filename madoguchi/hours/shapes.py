"""What ``/api/hours`` and ``/api/emergency`` take and answer, for checking and for ``/api/openapi.json``."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from agents.web.reading import Day
from agents.web.shapes import Shape


class OverrideWish(BaseModel):
    """Open or close, from *since* (else now) to before *until*.

    Times without an offset are the centre's own.
    """

    model_config = ConfigDict(extra="forbid")

    opens: bool
    since: datetime | None = None
    until: datetime
    message: Annotated[str, Field(max_length=40)] | None = None
    numbers: tuple[Annotated[str, Field(max_length=20)], ...] = ()
    queues: tuple[Annotated[str, Field(max_length=40)], ...] = ()


class EmergencyWish(BaseModel):
    """The disaster mode on (with a message other than the plan's, perhaps) or off."""

    model_config = ConfigDict(extra="forbid")

    on: bool
    message: Annotated[str, Field(max_length=40)] | None = None


class DayQuery(BaseModel):
    """Which day; today if left out."""

    model_config = ConfigDict(extra="forbid")

    on: Day | None = None


class OverrideShape(Shape):
    """Something that is open or closed ad hoc."""

    id: str
    opens: bool
    since: datetime
    until: datetime
    message: str | None
    numbers: list[str]
    queues: list[str]
    entered_by: str
    entered_at: datetime


class OverrideList(Shape):
    """Everything that holds now or will hold."""

    overrides: list[OverrideShape]


class SpanShape(Shape):
    """From when to when it is open."""

    opens: datetime
    closes: datetime


class DayShape(Shape):
    """A day of the calendar."""

    date: str
    weekday: str
    open: bool
    hours: list[SpanShape]
    reason: str
    kind: str
    exceptions: list[dict[str, Any]]
    ad_hoc: list[OverrideShape]
    next_opening: datetime | None


class EmergencyShape(Shape):
    """The disaster mode."""

    on: bool
    message: str | None
    waits_for_second_person: bool = False
