"""The trail in PostgreSQL: adds entries to the chain, reads them, and says where the chain is broken."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from agents.audit.chain import START, link
from agents.audit.spool import Head
from agents.ports import Unavailable
from storage import PASSING, Connection, Pool, read_statements

_SQL = read_statements(Path(__file__).parents[1] / "sql" / "audit.sql")
LOCK = 0x6D61646F_00000A0D
"""Advisory lock of whoever adds to the chain."""

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows to return; a bound that is None does not limit. *until* is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    who: str | None = None
    what: str | None = None
    object: str | None = None
    limit: int = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole chain found: *broken_at* is the first wrong place, *problem* one sentence."""

    rows: int
    broken_at: int | None
    problem: str | None
    head: str


class AuditTable:
    """The table. Every method raises `Unavailable` when the database cannot be reached."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> Head:
        """Add *rows* to the chain, in order, all or none; those that are there already are left out."""
        with _reached():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_SQL["lock"], LOCK)
                return await _add(connection, rows)

    async def find(self, wanted: AuditFilter) -> list[dict[str, Any]]:
        """Return matching rows, newest first."""
        bounds = (wanted.since, wanted.until, wanted.who, wanted.what, wanted.object, wanted.limit)
        with _reached():
            return [_public(row) for row in await self._pool.fetch(_SQL["find"], *bounds)]

    async def verify(self, seen: Head | None) -> Verdict:
        """Compute the whole chain again, and compare its end with what this machine has *seen* there."""
        head, problem, page = Head(0, START), None, await self._after(0)
        while page and problem is None:
            head, problem = _check(page, head, seen)
            page = await self._after(head.seq)
        if problem is None and seen is not None and head.seq < seen.seq:
            problem = f"the trail ends after {head.seq}, but {seen.seq} was there once: the end was cut off"
        at = None if problem is None else head.seq + 1
        return Verdict(head.seq, at, problem, head.hash.hex())

    async def _after(self, seq: int) -> list[asyncpg.Record]:
        with _reached():
            return await self._pool.fetch(_SQL["after"], seq, _PAGE)


async def _add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Head:
    last = await connection.fetchrow(_SQL["last"])
    head = Head(0, START) if last is None else Head(last["seq"], last["hash"])
    ids = [row["id"] for row in rows]
    there = {found["id"] for found in await connection.fetch(_SQL["already_there"], ids)}
    values = []
    for row in rows:
        if row["id"] in there:
            continue
        hashed = link(head.hash, head.seq + 1, row)
        values.append(_values(row, head, hashed))
        head = Head(head.seq + 1, hashed)
    await connection.executemany(_SQL["add"], values)
    return head


def _values(row: Mapping[str, Any], before: Head, hashed: bytes) -> tuple[Any, ...]:
    texts = (row["who"], row["role"], row["what"], row["object"], row["source"], row["result"])
    at = datetime.fromisoformat(row["at"])
    return (before.seq + 1, row["id"], at, *texts, row["detail"], before.hash, hashed)


def _check(page: Sequence[asyncpg.Record], head: Head, seen: Head | None) -> tuple[Head, str | None]:
    """Follow *page* from *head*; return the last good place, and what is wrong with the one after it."""
    for row in page:
        if row["seq"] != head.seq + 1:
            return head, f"{head.seq + 1} is missing; the next that is there is {row['seq']}"
        if row["previous"] != head.hash:
            return head, f"{row['seq']} does not follow {head.seq}: one of them was replaced"
        if row["hash"] != link(head.hash, row["seq"], _plain(row)):
            return head, f"{row['seq']} was changed after it was written"
        if seen is not None and row["seq"] == seen.seq and row["hash"] != seen.hash:
            return (
                head,
                f"{row['seq']} is not the row that this machine once saw there: the chain was rewritten",
            )
        head = Head(row["seq"], row["hash"])
    return head, None


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}


def _public(row: asyncpg.Record) -> dict[str, Any]:
    plain = _plain(row)
    del plain["previous"]
    return plain | {"hash": row["hash"].hex()}


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except PASSING as error:
        raise Unavailable("The database cannot be reached. Try again later.") from error
