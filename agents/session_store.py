"""Where sessions outlive a restart of the controller: the table ``sessions`` in PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agents.ports import Unavailable
from storage import PASSING, Pool, read_statements

_SQL = read_statements(Path(__file__).parent / "sql" / "sessions.sql")

WRITE_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One session as it is kept. Times are seconds since 1970; *digest* is the token's SHA-256."""

    digest: bytes
    id: str
    user: str
    begun_at: float
    seen_at: float


class SessionTable:
    """The table. Every method raises `Unavailable` when the database cannot be reached."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def alive(self, begun_after: float, seen_after: float) -> list[Kept]:
        """Return the sessions that have not ended, of people who may sign in."""
        with _reached():
            rows = await self._pool.fetch(_SQL["alive"], _moment(begun_after), _moment(seen_after))
        return [
            Kept(
                row["token_sha256"],
                row["id"],
                row["name"],
                row["begun_at"].timestamp(),
                row["seen_at"].timestamp(),
            )
            for row in rows
        ]

    async def write(self, keep: Sequence[Kept], forget: Sequence[bytes], begun: float, seen: float) -> None:
        """Write what changed, in one transaction; take out what ended before *begun* and *seen*."""
        rows = [
            (each.digest, each.id, each.user, _moment(each.begun_at), _moment(each.seen_at)) for each in keep
        ]
        with _reached():
            async with self._pool.acquire(timeout=WRITE_LIMIT_S) as connection, connection.transaction():
                await connection.executemany(_SQL["keep"], rows)
                await connection.execute(_SQL["forget"], list(forget))
                await connection.execute(_SQL["forget_ended"], _moment(begun), _moment(seen))


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except PASSING as error:
        raise Unavailable("The database cannot be reached.") from error
