"""What is still to be told about alerts, by which way. Pure: times are handed in, nothing is sent from here.

An e-mail goes to people who may be far away, so there is one for each opening, and those that open together
share it. A webhook feeds programs, so it hears of everything, in order.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from agents.desk.alerts import Alert, Severity

MOST_WAITING = 500
"""Notices by one way; beyond it the oldest are given up, so that a receiver that is gone fills nothing."""


class Event(StrEnum):
    """What happened to an alert."""

    OPENED = "opened"
    WORSE = "worse"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told, *at* seconds since 1970."""

    event: Event
    alert: Alert
    at: float

    @property
    def key(self) -> str:
        """Its name, the same at every attempt."""
        return f"alert:{self.alert.key}:{self.alert.opened_at:.3f}:{self.event}"


def event_of(before: Alert | None, now: Alert) -> Event | None:
    """Return what happened between two states of an alert; None for a change of words alone."""
    if not now.is_open:
        return Event.CLOSED
    if before is None or before.opened_at != now.opened_at:
        return Event.OPENED
    if now.severity is Severity.CRITICAL and before.severity is Severity.WARNING:
        return Event.WORSE
    if now.acknowledged_by is not None and before.acknowledged_by is None:
        return Event.ACKNOWLEDGED
    return None


class Outbox:
    """Notices that wait, by e-mail and by webhook; *mailed* is when each key was last mailed."""

    def __init__(self, group_s: float, quiet_s: float) -> None:
        self.group_s, self.quiet_s = group_s, quiet_s
        self.mail: deque[Notice] = deque(maxlen=MOST_WAITING)
        self.webhook: deque[Notice] = deque(maxlen=MOST_WAITING)
        self.mailed: dict[str, tuple[float, Severity]] = {}
        self._known: dict[str, Alert] = {}

    def know(self, alerts: Mapping[str, Alert]) -> None:
        """Take up what was open before a restart, of which people know."""
        self._known |= alerts

    def take(self, alert: Alert, now: float) -> Event | None:
        """Note a change of an alert; return what happened, None when it is nothing to tell."""
        event = event_of(self._known.get(alert.key), alert)
        if alert.is_open:
            self._known[alert.key] = alert
        else:
            self._known.pop(alert.key, None)
        if event is not None:
            self.webhook.append(Notice(event, alert, now))
            self._for_mail(Notice(event, alert, now))
        return event

    def _for_mail(self, notice: Notice) -> None:
        if notice.event in {Event.OPENED, Event.WORSE}:
            self.mail.append(notice)
        elif notice.event is Event.CLOSED:
            self._close(notice.alert)

    def _close(self, alert: Alert) -> None:
        """An opening of which nobody has heard is told together with its end."""
        for place, waiting in enumerate(self.mail):
            if waiting.alert.key == alert.key and waiting.alert.opened_at == alert.opened_at:
                self.mail[place] = replace(waiting, alert=alert)

    def letter(self, now: float, *, tried: bool = False) -> list[Notice]:
        """Return what the next e-mail is about; empty when none is due.

        What opened and closed within the time of grouping is left out, and so is what was mailed lately. With
        *tried*, an attempt has failed: then everything is told, its end too.
        """
        if not self.mail or now - self.mail[0].at < self.group_s:
            return []
        kept = {notice.alert.key: notice for notice in self.mail if tried or notice.alert.is_open}
        told = [notice for notice in kept.values() if self._is_news(notice)]
        if not told:
            self.mail.clear()
        return told

    def _is_news(self, notice: Notice) -> bool:
        last = self.mailed.get(notice.alert.key)
        if last is None or notice.at - last[0] >= self.quiet_s:
            return True
        return notice.alert.severity is Severity.CRITICAL and last[1] is Severity.WARNING

    def letter_sent(self, told: list[Notice], now: float) -> None:
        """The e-mail about *told* is out; what has come since then waits for the next."""
        upto = max(notice.at for notice in told)
        self.mailed |= {notice.alert.key: (now, notice.alert.severity) for notice in told}
        self.mail = deque((notice for notice in self.mail if notice.at > upto), maxlen=MOST_WAITING)
