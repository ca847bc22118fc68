"""The outbox in PostgreSQL, as the worker sees it. Its errors pass through (``storage.PASSING``)."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from booking.database import DELIVERIES
from booking.delivery.change import Change
from booking.delivery.ports import Cases, Refusal
from booking.outgoing.alone import alone
from storage import Pool

LOCK = 0x6D61646F_00000011
"""Advisory lock of whoever delivers."""

Key = str


class Store:
    """Reads what is to be delivered, writes down what became of it."""

    def __init__(self, pool: Pool, cases: Cases) -> None:
        self._pool, self._cases = pool, cases

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """Say whether this process may deliver now; no other may as long as the block lasts."""
        return alone(self._pool, LOCK)

    async def heads(self, now: datetime, most: int) -> list[Change]:
        """Return what may be delivered: the earliest pending change of each reservation."""
        rows = await self._pool.fetch(DELIVERIES["heads"], now, most)
        return [Change(**dict(row)) for row in rows]

    async def delivered(self, keys: Sequence[Key], now: datetime) -> int:
        """The city has these; return how many were news."""
        return len(await self._pool.fetch(DELIVERIES["delivered"], list(keys), now))

    async def refused(self, key: Key, reason: str, now: datetime) -> bool:
        """The city will not have this one: open a case. Returns False when it was settled before."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(DELIVERIES["refused"], key, now, reason)
            if row is None:
                return False
            number = await self._cases.open(connection, Refusal(Change(**dict(row)), reason, now))
            await connection.execute(DELIVERIES["note_case"], key, number)
        return True

    async def later(self, key: Key, reason: str, not_before: datetime) -> None:
        """It did not work this time."""
        await self._pool.execute(DELIVERIES["later"], key, reason, not_before)

    async def stuck(self, reason: str) -> None:
        """Nothing can be sent at all."""
        await self._pool.execute(DELIVERIES["stuck"], reason)

    async def reopen(self) -> None:
        """Nobody reads replies any more: whatever waits for one is sent again."""
        await self._pool.execute(DELIVERIES["reopen"])

    async def next_file(self, most: int) -> list[Change]:
        """Return what the next file holds: the one that was begun before a crash, else at most *most*."""
        file = await self._pool.fetchval(DELIVERIES["begun_file"])
        if file is None:
            file = await self._pool.fetchval(DELIVERIES["begin_file"], most)
        if file is None:
            return []
        return [Change(**dict(row)) for row in await self._pool.fetch(DELIVERIES["in_file"], file)]

    async def handed_over(self, file: int, now: datetime, *, awaits_reply: bool) -> int:
        """The file is in its folder; return how many changes it carried."""
        return len(await self._pool.fetch(DELIVERIES["handed_over"], file, now, awaits_reply))

    async def forget(self, before: datetime, *, also_unwanted: bool) -> None:
        """Forget what was settled and is older; *also_unwanted*: what nobody wanted to be told, too."""
        await self._pool.execute(DELIVERIES["forget"], before, also_unwanted)
