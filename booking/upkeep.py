"""What the booking does by itself: slots as planned, offers to the waiting list, old answers forgotten."""

import asyncio
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from agents.ports import Unavailable
from booking.database import RESERVATIONS, connected
from booking.errors import BookingError
from booking.office import Office
from booking.repeats import KEPT_DAYS
from booking.shapes import Clock
from config.schema.booking import Booking
from storage import Pool

EVERY_S = 15.0

log = structlog.get_logger(__name__)


class Upkeep:
    """Runs beside the centre until cancelled. A database that is away is tried again at the next turn."""

    def __init__(self, pool: Pool, office: Office, clock: Clock, zone: ZoneInfo) -> None:
        self._pool, self._office, self._clock, self._zone = pool, office, clock, zone
        self._kept: tuple[Booking, date] | None = None

    async def run(self) -> None:
        """Keep everything as it should be."""
        while True:
            try:
                await self.once()
            except Unavailable:
                log.warning("booking.upkeep_waits", reason="the database cannot be reached")
            except (BookingError, asyncpg.PostgresError):
                # A fault of ours in here must not end the process that holds the calls.
                log.exception("booking.upkeep_failed")
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Do what is due. Raises `Unavailable`."""
        plan, today = self._office.plan(), self._clock().astimezone(self._zone).date()
        if self._kept != (plan, today):
            await self._office.slots.keep(self._zone)
            await self._forget()
            self._kept = (plan, today)
        if plan.venues:
            await self._office.waitlist.offer()

    async def _forget(self) -> None:
        async with connected(self._pool) as connection:
            before = self._clock() - timedelta(days=KEPT_DAYS)
            await connection.execute(RESERVATIONS["forget_requests"], before)
