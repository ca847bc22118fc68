"""Alerts: what somebody must look at, open until it is over. Sources call `raise_alert` and `close`.

An alert has a key of its own, so that a source may report the same thing again and again: screens hear of it
when it opens, when its text or severity changes, when somebody takes it on, and when it closes.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from telephony.model.ids import Instant

log = structlog.get_logger(__name__)

REMEMBERED = 100
"""Closed alerts that are still shown."""


class Severity(StrEnum):
    """How soon somebody must look."""

    WARNING = "warning"
    """In the course of the day: nobody is affected yet."""

    CRITICAL = "critical"
    """Now: citizens or operators are affected, or something may be lost."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. *text* is a sentence for people at screens; *runbook* names what to do.

    *everyone*: whether operators see it too, or only those who see the whole floor. *acknowledged_by* has
    said to look after it.
    """

    key: str
    severity: Severity
    text: str
    runbook: str
    opened_at: Instant
    closed_at: Instant | None = None
    acknowledged_by: str | None = None
    acknowledged_at: Instant | None = None
    everyone: bool = True

    @property
    def is_open(self) -> bool:
        """Whether it is not over yet."""
        return self.closed_at is None


Listener = Callable[[Alert], None]


class Alerts:
    """The alerts that are open. *publish* is told of every change; *clock* is seconds since 1970."""

    def __init__(self, publish: Listener, clock: Callable[[], float] = time.time) -> None:
        self._publish, self._clock = publish, clock
        self._followers: list[Listener] = []
        self._open: dict[str, Alert] = {}
        self._resumed: set[str] = set()
        self._closed: deque[Alert] = deque(maxlen=REMEMBERED)

    @property
    def open(self) -> tuple[Alert, ...]:
        """What is open now, the oldest first."""
        return tuple(self._open.values())

    @property
    def closed(self) -> tuple[Alert, ...]:
        """What closed lately, the latest first."""
        return tuple(reversed(self._closed))

    def follow(self, listener: Listener) -> None:
        """Tell *listener* of every change from now on; it must not block."""
        self._followers.append(listener)

    def raise_alert(
        self, key: str, severity: Severity, text: str, runbook: str, *, everyone: bool = True
    ) -> None:
        """Open the alert *key*, or change its severity and text.

        Somebody who has taken it on keeps it, unless it becomes worse than it was then.
        """
        self._resumed.discard(key)
        before, now = self._open.get(key), Instant(self._clock())
        if before is None:
            alert = Alert(key, severity, text, runbook, now, everyone=everyone)
        else:
            alert = replace(before, severity=severity, text=text, runbook=runbook, everyone=everyone)
            if severity is Severity.CRITICAL and before.severity is Severity.WARNING:
                alert = replace(alert, acknowledged_by=None, acknowledged_at=None)
        if alert == before:
            return
        self._open[key] = alert
        log.warning("alert.open", key=key, severity=severity, runbook=runbook)
        self._tell(alert)

    def acknowledge(self, key: str, who: str) -> Alert | None:
        """Note that *who* looks after it, unless somebody does already; None when it is not open."""
        alert = self._open.get(key)
        if alert is None or alert.acknowledged_by is not None:
            return alert
        alert = replace(alert, acknowledged_by=who, acknowledged_at=Instant(self._clock()))
        self._open[key] = alert
        log.info("alert.acknowledged", key=key, by=who)
        self._tell(alert)
        return alert

    def close(self, key: str) -> None:
        """It is over; does nothing when it was not open."""
        alert = self._open.pop(key, None)
        self._resumed.discard(key)
        if alert is not None:
            closed = replace(alert, closed_at=Instant(self._clock()))
            self._closed.append(closed)
            log.info("alert.closed", key=key)
            self._tell(closed)

    def resume(self, before: Iterable[Alert], closed: Iterable[Alert] = ()) -> None:
        """Take up what was open and closed (oldest first) when the program ended; nobody is told again."""
        taken_up = {alert.key: alert for alert in before}
        self._open, self._resumed = taken_up | self._open, set(taken_up) - set(self._open)
        self._closed.extendleft(reversed(tuple(closed)))

    def close_unconfirmed(self) -> None:
        """Close what was taken up after a restart and no source has spoken of since."""
        for key in tuple(self._resumed):
            self.close(key)

    def _tell(self, alert: Alert) -> None:
        self._publish(alert)
        for listener in self._followers:
            listener(alert)
