"""Reads the counts from PostgreSQL.

Raises TimeoutError, or one of ``storage.PASSING`` when the database is away.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.schema import Queue
from storage import Connection, Pool, statements
from telephony.figures.tally import Tally

SQL = statements("figures")
READING_S = 20.0


async def tally(
    pool: "Pool | Connection", since: datetime, until: datetime, queues: Iterable[Queue]
) -> Tally:
    """Return the counts of calls that began from *since* to before *until*.

    *queues* say within how many seconds each is to be answered.
    """
    levels = {queue.name: queue.service_level_s for queue in queues}
    async with asyncio.timeout(READING_S):
        row = await pool.fetchrow(SQL["tally"], since, until, list(levels), list(levels.values()))
    return Tally() if row is None else Tally(**row)


def day_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the day of *now* begins and ends (exclusive) in *zone*."""
    begins = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return begins, begins + timedelta(days=1)


def month_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the month of *now* begins and ends (exclusive) in *zone*."""
    begins = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    later = begins + timedelta(days=31)
    return begins, later.replace(day=1)
