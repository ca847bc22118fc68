"""Reads the figures of the floor: counted calls, and what the city does not have yet."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from agents.ports import FloorFigures, Unavailable
from booking.delivery.watching import undelivered
from booking.shapes import Clock
from config.schema import Centre
from config.schema.delivery import Adapter
from storage import PASSING, Pool
from telephony.figures import Tally, day_of, month_of, tally


class CentreFigures:
    """Fills `agents.ports.Figures`."""

    def __init__(self, pool: Pool, plan: Callable[[], Centre], clock: Clock) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock

    async def read(self) -> FloorFigures:
        """Return them as of now. Raises `Unavailable`."""
        now, zone = self._clock(), ZoneInfo(self._plan().timezone)
        today = await self._tally(day_of(now, zone))
        month = await self._tally(month_of(now, zone))
        return FloorFigures(now, today, month, await self._undelivered())

    async def _tally(self, time: tuple[datetime, datetime]) -> Tally:
        since, until = time
        try:
            return await tally(self._pool, since, until, self._plan().queues)
        except PASSING as error:
            raise Unavailable("The figures cannot be read now; calls go on. Try again later.") from error

    async def _undelivered(self) -> int:
        if self._plan().booking.delivery.adapter is Adapter.NONE:
            return 0
        return (await undelivered(self._pool)).count
