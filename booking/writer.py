"""Writes reservations that are made at the same moment together: one round trip, one commit.

While a batch is on its way to the disk, the next requests gather. A lone request waits for nobody. Every
request still gets an answer of its own; one that breaks a rule of the database cannot spoil the others,
because then each is written alone.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from booking.database import RESERVATIONS, connected
from booking.errors import BookingError
from storage import Pool

MOST_AT_ONCE = 64
"""So that no answer waits long for others."""

Values = tuple[Any, ...]
Made = list[str] | None


class Writer:
    """Writes new reservations (`RESERVATIONS["reserve"]`)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[tuple[Values, asyncio.Future[Made]]] = []
        self._one_batch = asyncio.Lock()

    async def write(self, values: Values) -> Made:
        """Return the person's other reservations, or None when there was no room.

        Raises `Unavailable`, `BookingError`, or asyncpg's error for a number or key that was there already.
        """
        mine: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        self._waiting.append((values, mine))
        async with self._one_batch:
            if not mine.done():
                # Shielded: whoever happens to write must not take the others along when the client leaves.
                await asyncio.shield(asyncio.ensure_future(self._write_waiting()))
        return await mine

    async def _write_waiting(self) -> None:
        batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            made = await self._together([values for values, _ in batch])
        except (asyncpg.IntegrityConstraintViolationError, BookingError):
            await asyncio.gather(*(self._alone(values, mine) for values, mine in batch))
        except Exception as error:  # noqa: BLE001 -- whatever it was, everybody who waits must hear of it
            for _, mine in batch:
                _fail(mine, error)
        else:
            for (_, mine), answer in zip(batch, made, strict=True):
                if not mine.done():
                    mine.set_result(answer)

    async def _together(self, batch: Sequence[Values]) -> list[Made]:
        async with connected(self._pool) as connection:
            rows = await connection.fetchmany(RESERVATIONS["reserve"], batch)
        return [row[0] for row in rows]

    async def _alone(self, values: Values, mine: "asyncio.Future[Made]") -> None:
        try:
            async with connected(self._pool) as connection:
                made: Made = await connection.fetchval(RESERVATIONS["reserve"], *values)
        except Exception as error:  # noqa: BLE001 -- it belongs to whoever asked
            _fail(mine, error)
        else:
            if not mine.done():
                mine.set_result(made)


def _fail(mine: "asyncio.Future[Made]", error: Exception) -> None:
    if not mine.done():
        mine.set_exception(error)
