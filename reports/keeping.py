"""Makes the reports of yesterday and of last month on their own, and keeps them as files (R14).

A report that was kept is not made again: it says what was known then. One that is wanted anew can be had at
any time (`reports.routes`).
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from config.schema import Centre
from reports.figures import figures
from reports.page import page_of
from reports.period import Kind, Period
from reports.report import Report, report_of
from reports.table import csv_of
from reports.workbook import xlsx_of
from storage import Pool

EVERY_S = 600.0
FROM_HOUR = 6
"""In the morning: calls of before midnight have ended by then, and an outage at night is over."""

MADE_UP_FOR = 7
"""Days for which reports are made afterwards, if nothing ran in the mornings between."""

PRIVATE = 0o600

log = structlog.get_logger(__name__)

People = Callable[[], Awaitable[Mapping[str, str]]]


def due(now: datetime, zone: ZoneInfo) -> Iterator[Period]:
    """Yield what should be there by *now*, the oldest day first, and last month."""
    local = now.astimezone(zone)
    today = local.date() if local.hour >= FROM_HOUR else local.date() - timedelta(days=1)
    for back in range(MADE_UP_FOR, 0, -1):
        yield Period.of(Kind.DAILY, today - timedelta(days=back), zone)
    yield Period.of(Kind.MONTHLY, today.replace(day=1) - timedelta(days=1), zone)


class Keeping:
    """A job of the worker. *people* gives the titles of operators by name, *clock* is aware."""

    def __init__(
        self,
        pool: Pool,
        plan: Callable[[], Centre],
        people: People,
        clock: Callable[[], datetime],
        folder: Path,
    ) -> None:
        self._pool, self._plan, self._people = pool, plan, people
        self._clock, self._folder = clock, folder

    async def once(self) -> int:
        """Make what is missing; return how many. Raises ``storage.PASSING``, `Unavailable` or OSError."""
        zone, made = ZoneInfo(self._plan().timezone), 0
        for period in due(self._clock(), zone):
            if not (self._folder / f"{period.name}.html").exists():
                made += await self._make(period, zone)
        return made

    async def _make(self, period: Period, zone: ZoneInfo) -> bool:
        plan = self._plan()
        found = await figures(self._pool, period.since, period.until, plan.queues, zone)
        if not found.total.calls:
            return False  # before there was a centre, or while it was closed and nobody called
        report = report_of(period, found, plan, await self._people(), self._clock())
        await asyncio.to_thread(keep, self._folder, report)
        log.info("report.kept", report=period.name)
        return True


def keep(folder: Path, report: Report) -> None:
    """Write *report* into *folder* in every form, the page last. Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    forms = {"csv": csv_of(report), "xlsx": xlsx_of(report), "html": page_of(report).encode()}
    for form, content in forms.items():
        file = folder / f"{report.period.name}.{form}"
        beside = file.with_name(f".{file.name}.part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
