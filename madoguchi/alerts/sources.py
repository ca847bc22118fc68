"""Brings together what the rules look at: from the model, spools, disk, certificate, log and database.

What costs more than a glance is looked at less often and kept meanwhile.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

import asyncpg
import structlog

from agents.audit.trail import Trail
from agents.ports import Unavailable
from booking.messages.lateness import late_messages
from booking.shapes import CentrePlan, Clock
from madoguchi.alerts.log_lines import LogLines
from madoguchi.alerts.rates import Rates, rates
from madoguchi.alerts.readings import Certificate, Disk, Floor, Late, Lines, Readings
from madoguchi.doctor.services import not_after
from storage import PASSING, Pool
from telephony.engine import Engine
from telephony.journal import Journal
from telephony.model.states import AT_WORK

PATIENCE_S = 2.0
RATES_EVERY, MESSAGES_EVERY, DISK_EVERY = timedelta(seconds=30), timedelta(seconds=30), timedelta(seconds=30)
CERTIFICATE_EVERY, CERTIFICATE_AGAIN = timedelta(hours=1), timedelta(minutes=1)

Found = TypeVar("Found")
NOT_KNOWN: tuple[type[Exception], ...] = (*PASSING, Unavailable, asyncpg.PostgresError, OSError)
"""What keeps a reading from being taken."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Kept(Generic[Found]):
    """A reading that is taken again when *every* has passed."""

    every: timedelta
    value: Found | None = None
    due: float = 0.0


@dataclass(slots=True)
class Sources:
    """Everything that is looked at. *home* is the directory whose disk must not fill; *clock* is aware."""

    engine: Engine
    journal: Journal
    trail: Trail
    pool: Pool
    plan: CentrePlan
    clock: Clock
    home: Path
    lines: LogLines
    public_url: str | None = None
    _misses: int = 0
    _rates: Kept[Rates | None] = field(default_factory=lambda: Kept(RATES_EVERY))
    _messages: Kept[Late | None] = field(default_factory=lambda: Kept(MESSAGES_EVERY))
    _disk: Kept[Disk | None] = field(default_factory=lambda: Kept(DISK_EVERY))
    _certificate: Kept[Certificate | None] = field(default_factory=lambda: Kept(CERTIFICATE_EVERY))

    async def read(self) -> Readings:
        """Look at everything once. What cannot be known now is None."""
        self._misses = 0 if await self._database_answers() else self._misses + 1
        away = self._misses > 0
        found = None if away else await self._kept(self._rates, self._look_at_rates)
        return Readings(
            at=self.clock(),
            floor=floor_of(self.engine),
            day=None if found is None else found.day,
            month=None if found is None else found.month,
            database_misses=self._misses,
            spool_depth=await self.journal.depth(),
            trail_stuck=self.trail.stuck,
            messages=None if away else await self._kept(self._messages, self._look_at_messages),
            disk=await self._kept(self._disk, self._look_at_disk),
            certificate=await self._kept(self._certificate, self._look_at_certificate),
            lines=await self._look_at_lines(),
        )

    async def _kept(self, kept: Kept[Found], look: Callable[[], Awaitable[Found]]) -> Found | None:
        now = self.clock().timestamp()
        if now >= kept.due:
            kept.due = now + kept.every.total_seconds()
            try:
                kept.value = await look()
            except NOT_KNOWN as error:
                log.warning("alerts.not_known", what=look.__name__, reason=str(error) or type(error).__name__)
                kept.value = None
        return kept.value

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.pool.fetchval("SELECT 1")
        except PASSING:
            return False
        return True

    async def _look_at_rates(self) -> Rates:
        return await rates(self.pool, self.plan(), self.engine.centre.floor.calendar, self.clock())

    async def _look_at_messages(self) -> Late:
        plan, now = self.plan(), self.clock()
        after = timedelta(seconds=plan.alerts.messages_s)
        found = await late_messages(self.pool, plan.booking.messages, after, now)
        return Late(found.count, 0.0 if found.oldest is None else (now - found.oldest).total_seconds())

    async def _look_at_disk(self) -> Disk:
        return await asyncio.to_thread(disk_of, self.home)

    async def _look_at_certificate(self) -> Certificate | None:
        if self.public_url is None or not self.public_url.startswith("https:"):
            return None
        parts = urlsplit(self.public_url)
        try:
            ends = await asyncio.to_thread(not_after, parts.hostname or "", parts.port or 443)
        except (OSError, ValueError) as error:
            self._certificate.due = (self.clock() + CERTIFICATE_AGAIN).timestamp()
            return Certificate(None, str(error) or type(error).__name__)
        return Certificate(ends)

    async def _look_at_lines(self) -> Lines | None:
        rules = self.plan().alerts
        try:
            return await asyncio.to_thread(self.lines.look, rules.asterisk_span_s, rules.asterisk_ignored)
        except OSError as error:
            log.warning("alerts.not_known", what="asterisk's log", reason=str(error))
            return None


def floor_of(engine: Engine) -> Floor:
    """Return what people and lines look like now."""
    floor, now = engine.centre.floor, engine.now()
    at_work = [each for each in floor.roster if each.state in AT_WORK]
    reachable = [each for each in at_work if each.registered]
    served = {queue for operator in reachable for queue, _ in operator.seats}
    # Who was promised a callback stands in line as well, but not at a telephone.
    waits = [
        now - call.waiting_since
        for call in floor.calls.values()
        if call.waiting_since is not None and call.promise is None and call.id in floor.line
    ]
    return Floor(
        open=floor.emergency is None and floor.calendar.is_open(now),
        longest_wait_s=max(waits, default=0.0),
        staffed=bool(reachable),
        unstaffed=tuple(queue.title for name, queue in floor.queues.items() if name not in served),
        phones_lost=tuple(each.profile.title for each in at_work if not each.registered),
    )


def disk_of(home: Path) -> Disk:
    """Return the room below *home*. Raises OSError."""
    usage, room = shutil.disk_usage(home), os.statvfs(home)
    bytes_left = 100 * usage.free / usage.total
    files_left = 100 * room.f_favail / room.f_files if room.f_files else 100.0
    return Disk(min(bytes_left, files_left), usage.free)
