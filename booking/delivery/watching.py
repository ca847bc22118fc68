"""The controller's part: an alert when changes wait for too long, a notice for whoever made a refused one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Gauge

from agents.desk.alerts import Alerts, Severity
from agents.ports import Unavailable
from booking.database import DELIVERIES, connected
from booking.delivery.ports import Notices
from booking.shapes import Clock, Plan
from config.schema.delivery import Adapter
from storage import Pool

EVERY_S = 2.0
ALERT = "delivery.late"
TOLD_WITHIN = timedelta(days=7)
"""Who has no desk open is told at the next one; after a week the case must do."""

WAITING = Gauge("madoguchi_deliveries_waiting", "Changes that the city's system does not have yet")
OLDEST = Gauge("madoguchi_deliveries_oldest_seconds", "Age of the oldest change that it does not have")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What the city's system does not have yet."""

    count: int
    oldest: datetime | None

    def age_s(self, now: datetime) -> float:
        """Return the age of the oldest, 0 when there is none."""
        return 0.0 if self.oldest is None else max(0.0, (now - self.oldest).total_seconds())


async def undelivered(pool: Pool) -> Undelivered:
    """Return how much waits. Raises `Unavailable`."""
    async with connected(pool) as connection:
        row = await connection.fetchrow(DELIVERIES["undelivered"])
    return Undelivered(0, None) if row is None else Undelivered(row["count"], row["oldest"])


class DeliveryWatch:
    """Looks again and again, until cancelled. A database that is away has an alert of its own."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock, alerts: Alerts, notices: Notices) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock
        self._alerts, self._notices = alerts, notices

    async def run(self) -> None:
        """Watch."""
        while True:
            try:
                await self.once()
            except Unavailable:
                log.debug("delivery.watch_waits")
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Look once. Raises `Unavailable`."""
        rules, now = self._plan().delivery, self._clock()
        wanted = rules.adapter is not Adapter.NONE
        found = await undelivered(self._pool) if wanted else Undelivered(0, None)
        WAITING.set(found.count)
        OLDEST.set(found.age_s(now))
        if found.age_s(now) > rules.alert_after_s:
            text = (
                f"市の予約システムに届いていない予約の変更が{found.count}件あります。"
                "予約は失われず、つながり次第、順に届きます。"
            )
            self._alerts.raise_alert(ALERT, Severity.WARNING, text, "delivery-late")
        else:
            self._alerts.close(ALERT)
        await self._tell(now)

    async def _tell(self, now: datetime) -> None:
        async with connected(self._pool) as connection:
            rows = await connection.fetch(DELIVERIES["untold"], now - TOLD_WITHIN)
            told = [row["key"] for row in rows if self._notices.tell(row["by"], *_notice(dict(row)))]
            if told:
                await connection.execute(DELIVERIES["told"], told, now)


def _notice(row: Mapping[str, Any]) -> tuple[str, str, str]:
    text = (
        f"市の予約システムが予約 {row['number']} を受け付けませんでした（{row['trouble']}）。"
        f"案件 {row['case_number']} になっています。"
    )
    return "warning", "delivery-refused", text
