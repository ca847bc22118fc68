"""The traffic of a day as it was: who called when, and which keys were pressed."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from madoguchi.hours.entries import Entry
from storage import Pool, statements

READING_S = 20.0


class PastCall(BaseModel):
    """One call that came in. *at*: epoch seconds."""

    id: str
    at: float
    caller: str | None
    dialled: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The calls of a day, oldest first, and what was opened or closed ad hoc on it."""

    calls: tuple[PastCall, ...]
    entries: tuple[Entry, ...]


async def traffic(pool: Pool, day: date, zone: ZoneInfo) -> Day:
    """Return the traffic of *day*. Raises TimeoutError, or one of ``storage.PASSING``."""
    since = datetime.combine(day, time(), zone)
    until = datetime.combine(day + timedelta(days=1), time(), zone)
    async with asyncio.timeout(READING_S), pool.acquire() as connection:
        rows = await connection.fetch(statements("history")["traffic"], since, until)
        stood = await connection.fetch(statements("hours")["stood_between"], since, until)
    calls = (
        PastCall(
            id=row["id"],
            at=row["started_at"].timestamp(),
            caller=row["caller"],
            dialled=row["dialled"],
            keys=tuple(row["keys"]),
        )
        for row in rows
    )
    return Day(tuple(calls), tuple(Entry.model_validate(dict(row)) for row in stood))
