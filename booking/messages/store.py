"""Messages in PostgreSQL, as the worker sees them. Its errors pass through (``storage.PASSING``)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from booking.database import MESSAGES
from storage import Pool

LOCK = 0x6D61646F_00000012
"""Advisory lock of whoever sends messages."""

CHANGED_WITHIN = timedelta(days=1)
"""Of what happened longer ago nobody needs to hear any more."""


class MessageStore:
    """Plans messages, and writes down what became of each."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def plan(self, channels: Sequence[str], ahead: timedelta, now: datetime) -> int:
        """Make a row for each message that is to be sent now; return how many there are more."""
        changes = await self._pool.fetch(MESSAGES["plan_changes"], now, now - CHANGED_WITHIN, channels)
        values = (now, now + ahead, ahead, channels)
        return len(changes) + len(await self._pool.fetch(MESSAGES["plan_reminders"], *values))

    async def recover(self, repeatable: Sequence[str], now: datetime) -> None:
        """Settle what a sender that died was sending."""
        await self._pool.execute(MESSAGES["recover"], repeatable, now)

    async def due(self, channels: Sequence[str], most: int, now: datetime) -> list[dict[str, Any]]:
        """Return messages that may be sent now, each with its reservation as it is now."""
        return [dict(row) for row in await self._pool.fetch(MESSAGES["due"], now, channels, most)]

    async def begin(self, message: int) -> bool:
        """Write down that it is being sent, before it is."""
        return await self._pool.fetchval(MESSAGES["begin"], message) is not None

    async def settle(self, message: int, state: str, why: str | None, now: datetime) -> None:
        """Write down how it ended."""
        await self._pool.execute(MESSAGES["settle"], message, state, why, now)

    async def later(self, message: int, why: str, not_before: datetime) -> None:
        """It did not go out; it is tried again."""
        await self._pool.execute(MESSAGES["later"], message, why, not_before)
