"""What the booking speaks of: a slot, who asks, and the answer to a request that may come twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from agents.roles import Role
from config.schema import Centre
from config.schema.booking import Booking, Channel

SlotNumber = NewType("SlotNumber", int)
Clock = Callable[[], datetime]
Plan = Callable[[], Booking]
CentrePlan = Callable[[], Centre]
Content = Mapping[str, Any]

SEPARATOR = "-"


@dataclass(frozen=True, slots=True)
class SlotId:
    """A slot as the interface names it: the time at the counter, and what for: ``812-collection``."""

    number: SlotNumber
    service: str

    def __str__(self) -> str:
        """Return it as it is sent."""
        return f"{self.number}{SEPARATOR}{self.service}"

    @classmethod
    def read(cls, text: str) -> "SlotId | None":
        """Return the slot that *text* names, or None when it names none."""
        number, _, service = text.partition(SEPARATOR)
        if not (number.isascii() and number.isdigit() and len(number) <= 15 and service):  # noqa: PLR2004 -- fits a bigint
            return None
        return cls(SlotNumber(int(number)), service)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it is kept; what it is never changes, only whether it is *closed*."""

    number: SlotNumber
    venue: str
    counter: str
    services: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and through which channel. *sees_all_calls*: not only the own ones."""

    user: str
    channel: Channel
    sees_all_calls: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, where it is the role that decides."""

    user: str
    role: Role


@dataclass(frozen=True, slots=True)
class Once:
    """A request that may come again with the same key: it has one effect and one answer."""

    caller: str
    request: str
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; *status* is HTTP's."""

    status: int
    content: Content
