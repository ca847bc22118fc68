"""PostgreSQL's part in publishing: the lock that only one publisher holds, and the copy of every version."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import stamina
import structlog

from madoguchi.publication.source import Source
from madoguchi.publication.versions import Version, Versions
from storage import PASSING, Connection, Pool, statements

LOCK = 0x6D61646F_00000003
"""Advisory lock of whoever publishes."""

LONGEST_PAUSE_S = 5.0

log = structlog.get_logger(__name__)


class Taken(Exception):
    """Somebody else publishes at this moment."""


class Archive:
    """The copy of *versions* in PostgreSQL, which may be away: then it is made up for later."""

    def __init__(self, pool: Pool, versions: Versions) -> None:
        self._pool, self._versions = pool, versions
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the lock. Raises `Taken`.

        With the database away there is no lock to hold; changes on this machine exclude each other anyway,
        because only the controller that leads makes them.
        """
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._pool.acquire())
                got = await connection.fetchval(statements("publications")["try_lock"], LOCK)
            except PASSING as error:
                log.warning("publication.without_database", reason=repr(error))
                yield
                return
            if not got:
                raise Taken
            stack.push_async_callback(_unlock, connection)
            yield

    def changed(self) -> None:
        """Something is to be copied."""
        self._changed.set()

    async def run(self) -> None:
        """Copy what is there and whatever changes, until cancelled; tries until it can."""
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            async for attempt in stamina.retry_context(
                on=PASSING, attempts=None, timeout=None, wait_max=LONGEST_PAUSE_S
            ):
                with attempt:
                    await self._copy()

    async def _copy(self) -> None:
        sql = statements("publications")
        async with self._pool.acquire() as connection:
            known = {(row["version"], row["at"], row["state"]) for row in await connection.fetch(sql["kept"])}
            rows = [
                _row(version, self._versions.source(version.number))
                for version in self._versions
                if (version.number, version.at, version.state.value) not in known
            ]
            await connection.executemany(sql["keep"], rows)


async def _unlock(connection: Connection) -> None:
    """Give the lock back; a connection that is lost has given it back itself."""
    try:
        await connection.execute(statements("publications")["unlock"], LOCK)
    except PASSING as error:
        log.info("publication.without_database", reason=repr(error))


def _row(version: Version, source: Source) -> tuple[object, ...]:
    return (
        version.number,
        version.at,
        version.state.value,
        version.by,
        version.why,
        version.before,
        version.rollback_to,
        list(version.changed),
        version.reason,
        source.centre,
        dict(source.custom),
    )
