"""A centre with reservations, a delivery in this process, and the city's system beside it."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from booking.delivery.cases import CaseTable
from booking.delivery.delivering import Delivering
from booking.delivery.store import Store
from booking.outgoing.surroundings import Surroundings
from tests.integration.booking.office import CITIZEN, BookingCentre, booking_centre, booking_plan
from tests.receiver.running import SECRET


@dataclass
class Connected:
    """The centre, its delivery, and an operator."""

    booking: BookingCentre
    delivering: Delivering
    operator: aiohttp.ClientSession
    secret: Path

    async def book(self, phone: str = "090-1234-5678", **more: Any) -> dict[str, Any]:
        """Make a reservation."""
        slot = (await self.booking.slot(self.operator))["id"]
        wish = CITIZEN | {"slot": slot, "phone": phone} | more
        answer = await self.operator.post("/api/reservations", json=wish)
        assert answer.status == 201, await answer.text()
        made: dict[str, Any] = await answer.json()
        return made

    async def cancel(self, made: dict[str, Any]) -> None:
        """Cancel it."""
        answer = await self.operator.delete(f"/api/reservations/{made['id']}")
        assert answer.status == 200, await answer.text()

    async def states(self) -> dict[str, str]:
        """Return how far each change is."""
        rows = await self.booking.pool.fetch("SELECT key, state FROM outbox ORDER BY id")
        return {row["key"]: row["state"] for row in rows}

    async def rested(self) -> int:
        """Let every pause pass, then deliver."""
        self.booking.clock.on(seconds=400)
        return await self.delivering.once()


@asynccontextmanager
async def connected(database: str, home: Path, **rules: Any) -> AsyncIterator[Connected]:
    """Run one; *rules* is ``[booking.delivery]``."""
    secret = home / "delivery.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    plan = booking_plan(delivery=rules, return_after_s=0)
    async with booking_centre(database, home, plan) as booking:
        around = Surroundings(booking.clock, random.Random(1))
        delivering = Delivering(Store(booking.pool, CaseTable()), lambda: booking.plan[-1], secret, around)
        async with booking.running.signed_in("sato") as operator:
            yield Connected(booking, delivering, operator, secret)


A_WHILE = timedelta(seconds=700)
"""Longer than ``alert_after_s``."""
