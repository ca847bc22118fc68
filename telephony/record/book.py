"""What is known of a call while its journal is read, and how to read values that may be missing or odd."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telephony.entries import Entry
from telephony.model.ending import UNSEEN_REASON
from telephony.model.ids import CallId

SENSELESS_S = 1e10
"""The year 2286 as an instant: neither an instant nor a duration of ours is ever as large."""


@dataclass(slots=True)
class Watch:
    """Seconds between starts and stops; None before the first start. A second start does not count."""

    since: float | None = None
    total: float | None = None

    def start(self, at: float) -> None:
        """Begin to count, unless it counts already."""
        self.since = at if self.since is None else self.since
        self.total = self.total or 0.0

    def stop(self, at: float) -> None:
        """Count no more; time never runs backwards."""
        if self.since is not None and self.total is not None:
            self.total += max(0.0, at - self.since)
            self.since = None


@dataclass(slots=True)
class OfferSeen:
    """One ringing of one operator, so far."""

    id: str
    agent: str
    at: float
    result: str | None = None


@dataclass(slots=True)
class Book:
    """What is known so far; instants are seconds since 1970."""

    call: CallId
    first_at: float
    arrival: dict[str, Any] = field(default_factory=dict)
    arrived_at: float | None = None
    answered_at: float | None = None
    connected_at: float | None = None
    ended: Entry | None = None
    unserved: Entry | None = None
    queue: str | None = None
    menu_path: list[str] = field(default_factory=list)
    agent: str | None = None
    waiting: Watch = field(default_factory=Watch)
    told_waited_s: float | None = None
    held: Watch = field(default_factory=Watch)
    talked_s: float | None = None
    talking_since: float | None = None
    acw_s: float | None = None
    offers: list[OfferSeen] = field(default_factory=list)
    disposition: str | None = None
    reservations: list[str] = field(default_factory=list)
    file: str | None = None
    callback: str | None = None
    callback_of: str | None = None
    attempts: int = 0
    outreach: int | None = None
    number_left: bool = False


def was_seen(ended: Entry) -> bool:
    """Whether a controller saw the call end; a recovery that found it gone did not.

    That a controller once took the call over from another (*recovered*) says nothing of its end.
    """
    return ended.data.get("reason") != UNSEEN_REASON


def text(data: Mapping[str, Any], key: str) -> str | None:
    """Return the text under *key*, or None when there is none or it is no text."""
    value = data.get(key)
    return value if isinstance(value, str) else None


def seconds(data: Mapping[str, Any], key: str) -> float | None:
    """Return the seconds under *key*, or None when there are none or they make no sense."""
    value = data.get(key)
    return float(value) if isinstance(value, int | float) and 0 <= value < SENSELESS_S else None


def plus(total: float | None, more: float | None) -> float | None:
    """Return the sum; what is not known adds nothing."""
    return total if more is None else (total or 0.0) + more


def rounded(duration_s: float | None) -> float | None:
    """Return milliseconds' precision: more is noise in a record."""
    return None if duration_s is None else round(duration_s, 3)
