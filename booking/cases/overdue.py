"""Alerts about cases: some are past their deadline, or nobody could be told of them."""

import asyncio

import asyncpg
import structlog

from agents.desk.alerts import Alerts, Severity
from agents.ports import Unavailable
from booking.cases.mailing import stuck
from booking.database import CASES, connected
from booking.shapes import Clock
from storage import Pool

EVERY_S = 10.0
OVERDUE, MAIL_STUCK = "cases.overdue", "cases.mail_stuck"

log = structlog.get_logger(__name__)


class OverdueWatch:
    """Looks again and again. A database that is away has an alert of its own."""

    def __init__(self, pool: Pool, alerts: Alerts, clock: Clock) -> None:
        self._pool, self._alerts, self._clock = pool, alerts, clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.once()
            except Unavailable:
                log.debug("cases.watch_waits")
            except asyncpg.PostgresError:
                # A fault of ours in here must not end the process that holds the calls.
                log.exception("cases.watch_failed")
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Look once. Raises `Unavailable`."""
        now = self._clock()
        async with connected(self._pool) as connection:
            late = await connection.fetchrow(CASES["overdue"], now)
            unsent = await stuck(connection, now)
        if late is not None and late["count"]:
            text = (
                f"期限を過ぎた案件が {late['count']} 件あります（{late['first']} ほか）。"
                "案件の一覧で確かめてください。"
            )
            self._alerts.raise_alert(OVERDUE, Severity.WARNING, text, "cases-overdue")
        else:
            self._alerts.close(OVERDUE)
        if unsent:
            text = (
                f"案件のお知らせメールが {unsent} 通、届けられていません。急ぐものは電話で知らせてください。"
            )
            self._alerts.raise_alert(MAIL_STUCK, Severity.WARNING, text, "case-mail-stuck")
        else:
            self._alerts.close(MAIL_STUCK)
