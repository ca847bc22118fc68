"""Reads the counts of a report from PostgreSQL.

Raises TimeoutError, or one of ``storage.PASSING`` when the database is away.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.schema import Queue
from storage import Connection, Pool, read_statements
from telephony.figures import Tally, tally

SQL = read_statements(Path(__file__).parent / "sql" / "reports.sql")
READING_S = 60.0

Row = Mapping[str, Any]


class By(StrEnum):
    """What calls are sorted by, in the order of the statement's grouping sets."""

    HOUR = "hour"
    DAY = "day"
    QUEUE = "queue"
    AGENT = "agent"
    OUTCOME = "outcome"
    DISPOSITION = "disposition"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of some calls, named as in `telephony.figures.Tally`; *calls* are all. Seconds are sums."""

    calls: int = 0
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    outside: int = 0
    called_back: int = 0
    talked_s: float = 0.0
    held_s: float = 0.0
    acw_s: float = 0.0

    @property
    def answer_rate(self) -> float | None:
        """応答率 in percent, None without calls."""
        return Tally(offered=self.offered, answered=self.answered).answer_rate

    @property
    def spoken(self) -> int:
        """Calls in which an operator spoke with somebody, callbacks too."""
        return self.answered + self.called_back


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was counted between two moments. Keys of *by* are None where nothing was noted."""

    tally: Tally
    total: Counts
    by: Mapping[By, Mapping[Any, Counts]]
    reservations: Sequence[Row]
    cases: Sequence[Row]
    outreach: Sequence[Row]


async def figures(
    pool: Pool, since: datetime, until: datetime, queues: Sequence[Queue], zone: ZoneInfo
) -> Figures:
    """Return the counts of what happened from *since* to before *until*, as one moment saw it."""
    async with (
        asyncio.timeout(READING_S),
        pool.acquire() as connection,
        # One snapshot for all statements: else a call that ends meanwhile is in one table and not in another.
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await _read(connection, since, until, queues, zone)


async def _read(
    connection: Connection, since: datetime, until: datetime, queues: Sequence[Queue], zone: ZoneInfo
) -> Figures:
    rows = [dict(row) for row in await connection.fetch(SQL["counts"], since, until, zone.key)]
    days = (since.astimezone(zone).date(), until.astimezone(zone).date())
    by: dict[By, dict[Any, Counts]] = {each: {} for each in By}
    total = Counts()
    for row in rows:
        kind = _kind_of(row["grouped"])
        if kind is None:
            total = _counts(row)
        else:
            by[kind][row[kind.value]] = _counts(row)
    return Figures(
        tally=await tally(connection, since, until, queues),
        total=total,
        by=by,
        reservations=[dict(row) for row in await connection.fetch(SQL["reservations"], since, until)],
        cases=[dict(row) for row in await connection.fetch(SQL["cases"], since, until)],
        outreach=[dict(row) for row in await connection.fetch(SQL["outreach"], *days)],
    )


def _kind_of(grouped: int) -> By | None:
    """Return what a row is sorted by. PostgreSQL's ``grouping`` has a bit for each column that is *not*."""
    last = len(By) - 1
    return next((kind for place, kind in enumerate(By) if not grouped >> (last - place) & 1), None)


def _counts(row: Row) -> Counts:
    return Counts(**{name: row[name] for name in Counts.__dataclass_fields__})
