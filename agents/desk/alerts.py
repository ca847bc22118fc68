"""Alerts: what somebody must look at, open until it is over. Sources call `raise_alert` and `close`.

An alert has a key of its own, so that a source may report the same thing again and again: screens hear of it
when it opens, when its text or severity changes, and when it closes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from telephony.model.ids import Instant

log = structlog.get_logger(__name__)


class Severity(StrEnum):
    """How soon somebody must look."""

    WARNING = "warning"
    """In the course of the day: nobody is affected yet."""

    CRITICAL = "critical"
    """Now: citizens or operators are affected, or something may be lost."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at. *text* is a sentence for people at screens; *runbook* names what to do."""

    key: str
    severity: Severity
    text: str
    runbook: str
    opened_at: Instant
    closed_at: Instant | None = None


class Alerts:
    """The alerts that are open. *publish* is told of every change; *clock* is seconds since 1970."""

    def __init__(self, publish: Callable[[Alert], None], clock: Callable[[], float] = time.time) -> None:
        self._publish, self._clock = publish, clock
        self._open: dict[str, Alert] = {}

    @property
    def open(self) -> tuple[Alert, ...]:
        """What is open now, the oldest first."""
        return tuple(self._open.values())

    def raise_alert(self, key: str, severity: Severity, text: str, runbook: str) -> None:
        """Open the alert *key*, or change its severity and text."""
        before = self._open.get(key)
        now = Instant(self._clock())
        alert = Alert(key, severity, text, runbook, now if before is None else before.opened_at)
        if alert == before:
            return
        self._open[key] = alert
        log.warning("alert.open", key=key, severity=severity, runbook=runbook)
        self._publish(alert)

    def close(self, key: str) -> None:
        """It is over; does nothing when it was not open."""
        alert = self._open.pop(key, None)
        if alert is not None:
            log.info("alert.closed", key=key)
            self._publish(replace(alert, closed_at=Instant(self._clock())))
