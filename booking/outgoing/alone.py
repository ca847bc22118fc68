"""Only one process at a time does what has one lock: PostgreSQL's advisory locks end with their holder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from storage import PASSING, Pool


@asynccontextmanager
async def alone(pool: Pool, lock: int) -> AsyncIterator[bool]:
    """Say whether this process may go on now; no other may as long as the block lasts."""
    async with pool.acquire() as connection:
        mine = bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock))
        try:
            yield mine
        finally:
            if mine:
                # With the connection gone, the lock is gone as well.
                with suppress(*PASSING):
                    await connection.execute("SELECT pg_advisory_unlock($1)", lock)
