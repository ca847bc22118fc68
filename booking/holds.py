"""Holds: seats that are kept while an operator talks. They run out by themselves, and everybody sees them."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from booking.checking import check_people
from booking.content import slot_content, slot_of
from booking.database import SLOTS, connected, transaction
from booking.errors import HoldGone
from booking.refusing import HOLD_GONE, full
from booking.shapes import Clock, Plan, SlotId, Who
from booking.slots import Slots
from booking.timing import check_bookable, rule_of
from booking.wishes import HoldWish
from storage import Connection, Pool
from telephony.record import iso


class Holds:
    """The holds of the centre."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock, slots: Slots) -> None:
        self._pool, self._plan, self._clock, self._slots = pool, plan, clock, slots

    async def hold(self, wish: HoldWish, who: Who) -> dict[str, Any]:
        """Keep seats for *who*. Raises `BookingError`."""
        plan, now, name = self._plan(), self._clock(), secrets.token_hex(8)
        people = check_people(plan, wish.people, ())
        async with transaction(self._pool) as connection:
            slot = await self._slots.one(connection, wish.slot.number)
            slot = check_bookable(slot, wish.slot.service, rule_of(plan, who.channel), now)
            values = (slot.number, people, who.channel, name, who.user, wish.call, self._until(now), now)
            got = await connection.fetch(SLOTS["hold"], *values)
            if len(got) < people:
                raise await full(connection, self._slots, slot, (wish.slot.service, people), who.channel)
            return await self._one(connection, name, now)

    async def all(self, slot: int | None = None) -> list[dict[str, Any]]:
        """Return what is held now, the first to run out first."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(SLOTS["holds"], self._clock(), slot, None)
        return [self._content(dict(row)) for row in rows]

    async def renew(self, name: str, who: Who) -> dict[str, Any]:
        """Begin the time anew, for the one who holds. Raises `HoldGone`."""
        return await self._rehold(name, who.user, who, None)

    async def take_over(self, name: str, who: Who, call: str | None) -> dict[str, Any]:
        """Make somebody's hold one's own, on purpose. Raises `HoldGone`."""
        return await self._rehold(name, None, who, call)

    async def release(self, name: str, who: Who) -> None:
        """Give the seats back at once. Raises `HoldGone` for what is not (any more) held by *who*."""
        async with connected(self._pool) as connection:
            if not await connection.fetch(SLOTS["release"], name, who.user):
                raise HoldGone(HOLD_GONE)

    async def _rehold(self, name: str, of: str | None, who: Who, call: str | None) -> dict[str, Any]:
        now = self._clock()
        async with transaction(self._pool) as connection:
            values = (name, of, who.user, self._until(now), now, call)
            if not await connection.fetch(SLOTS["rehold"], *values):
                raise HoldGone(HOLD_GONE)
            return await self._one(connection, name, now)

    async def _one(self, connection: Connection, name: str, now: datetime) -> dict[str, Any]:
        row = await connection.fetchrow(SLOTS["holds"], now, None, name)
        if row is None:
            raise HoldGone(HOLD_GONE)
        return self._content(dict(row))

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._plan().hold_s)

    def _content(self, row: Mapping[str, Any]) -> dict[str, Any]:
        slot, plan = slot_of(row), self._plan()
        at = slot_content(slot, slot.services[0], plan)
        return {
            "id": row["hold"],
            "by": row["held_by"],
            "for": row["held_for"],
            "until": iso(row["held_until"]),
            "people": row["people"],
            "slots": [str(SlotId(slot.number, service)) for service in slot.services],
            **{name: at[name] for name in ("venue", "venue_title", "starts_at", "written")},
        }
