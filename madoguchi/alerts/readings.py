"""What the rules look at, as plain values. Pure. None stands for "not known now": then nothing changes."""

from dataclasses import dataclass
from datetime import datetime

from telephony.figures import Tally


@dataclass(frozen=True, slots=True)
class Floor:
    """People and phones, at this moment.

    *open*: whether calls are taken. *unstaffed* are the titles of queues that nobody at work serves,
    *staffed* whether anybody is at work at all, *phones_lost* the titles of those whose phone is gone.
    """

    open: bool
    longest_wait_s: float
    staffed: bool
    unstaffed: tuple[str, ...]
    phones_lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """The answer rate of a day or a month: *so_far*, and with the calls that are expected *to_come*.

    *forecast* is the rate at the end in percent; *best* the one if every call to come were answered.
    """

    so_far: Tally
    to_come: float
    forecast: float
    best: float


@dataclass(frozen=True, slots=True)
class Disk:
    """The room below the home directory: *free_percent* of it, in bytes and in files, whichever is less."""

    free_percent: float
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The one in front of the console: when it ends, or why it cannot be trusted or reached."""

    ends_at: datetime | None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Asterisk's ERROR and WARNING lines of the last while, and the latest of them, fit to be shown."""

    errors: int
    warnings: int
    latest: str


@dataclass(frozen=True, slots=True)
class Late:
    """Messages to citizens that should have gone out long ago."""

    count: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything at one moment; *at* is aware."""

    at: datetime
    floor: Floor | None = None
    day: Rate | None = None
    month: Rate | None = None
    database_misses: int | None = None
    spool_depth: int | None = None
    trail_stuck: bool | None = None
    messages: Late | None = None
    disk: Disk | None = None
    certificate: Certificate | None = None
    lines: Lines | None = None
