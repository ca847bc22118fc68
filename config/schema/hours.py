"""When the centre takes calls: weekly hours, days off, dated exceptions, and the disaster mode (R4, R17).

Data only. What these tables mean together is `telephony.model.calendar`.
"""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from config.schema.base import Part, PhoneNumber, Slug

MIDNIGHT = 24 * 3600
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


def _seconds_after_midnight(value: Any) -> Any:
    """Return "17:15", or TOML's own 17:15:00, in seconds; 24:00 is the end of the day."""
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    if not isinstance(value, str) or not _CLOCK.fullmatch(value.strip()):
        raise ValueError('is not a time of day; write it like "09:00" or "17:15"')
    hour, minute = value.strip().split(":")
    return int(hour) * 3600 + int(minute) * 60


ClockTime = Annotated[int, BeforeValidator(_seconds_after_midnight)]
"""A time of day, in seconds after midnight."""

YearlyDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day of every year, ``MM-DD``."""


class Weekday(StrEnum):
    """Days of the week, Monday first, as `datetime.date.weekday` counts them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _refuse_backwards(opens: int | None, closes: int | None) -> None:
    if opens is not None and closes is not None and opens >= closes:
        raise ValueError("closes before it opens; a night is two tables, until 24:00 and from 00:00")


class Weekly(Part):
    """Hours that come back every week; several tables may name the same day (a break at noon)."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        _refuse_backwards(self.opens, self.closes)
        return self


class DatedHours(Part):
    """Other hours on *day*, or from it to *last_day*: ``closed``, or *opens* and *closes*.

    It holds for the calls of these *numbers* and *queues*, for all when neither is named. *message* is a
    prompt that callers hear instead of the usual reason.
    """

    day: date
    last_day: date | None = None
    closed: bool = False
    opens: ClockTime | None = None
    closes: ClockTime | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    message: Slug | None = None
    numbers: tuple[PhoneNumber, ...] = ()
    queues: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        named = (self.opens is not None) + (self.closes is not None)
        if named == 1 or self.closed == (named > 0):
            raise ValueError("needs either closed = true, or both opens and closes")
        if self.last_day is not None and self.last_day < self.day:
            raise ValueError(f"ends on {self.last_day}, before it begins")
        _refuse_backwards(self.opens, self.closes)
        return self

    def covers(self, day: date) -> bool:
        """Return whether *day* is one of its days."""
        return self.day <= day <= (self.last_day or self.day)


class YearEnd(Part):
    """The days off around New Year, both ends included."""

    first: YearlyDay = "12-29"
    last: YearlyDay = "01-03"

    def covers(self, day: date) -> bool:
        """Return whether *day* is one of them, whether or not they reach into the new year."""
        written = f"{day:%m-%d}"
        if self.first <= self.last:
            return self.first <= written <= self.last
        return written >= self.first or written <= self.last


class AtClosing(StrEnum):
    """What becomes of callers who wait when the hours end."""

    SERVE = "serve"
    """They are served, however long it takes."""
    DISMISS = "dismiss"
    """They hear the announcement of closed hours, and the call ends."""


class Hours(Part):
    """All of it. Without *weekly* hours the centre is open at any time, except as other tables say."""

    weekly: tuple[Weekly, ...] = ()
    public_holidays: bool = Field(default=False, description="closed on Japan's public holidays")
    year_end: YearEnd | None = None
    at_closing: AtClosing = AtClosing.SERVE
    exceptions: tuple[DatedHours, ...] = ()


class Emergency(Part):
    """The disaster mode: *message* is said to every call; with *two_persons* another one must confirm."""

    message: Slug = "emergency"
    two_persons: bool = False
