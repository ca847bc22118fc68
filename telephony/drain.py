"""Carries the journal from the spool to PostgreSQL, and takes it out of the spool only when it is there."""

import asyncio
from pathlib import Path

import structlog

from storage import Pool
from telephony.archive import deposit
from telephony.spool import Spool

MOST_AT_ONCE = 1_000

log = structlog.get_logger(__name__)


class Drain:
    """Empties one spool. Only one drain at a time may work on it."""

    def __init__(self, file: Path, pool: Pool) -> None:
        self._spool = Spool(file)
        self._pool = pool

    async def once(self) -> int:
        """Carry one batch over and return its size; 0 means that the spool is empty.

        Raises what asyncpg and sqlite3 raise; whatever it was, the batch is still in the spool or already in
        PostgreSQL, and carrying it again is harmless.
        """
        batch = await asyncio.to_thread(self._spool.not_drained, MOST_AT_ONCE)
        if batch.rows:
            async with self._pool.acquire() as connection:
                await deposit(connection, self._spool.begun_ms, batch.rows)
            await asyncio.to_thread(self._spool.acknowledge, batch.upto)
            log.debug("journal.drained", entries=len(batch.rows))
        return len(batch.rows)

    async def all(self) -> None:
        """Carry over everything that is there."""
        while await self.once():
            pass

    def close(self) -> None:
        """Give the spool back."""
        self._spool.close()
