"""What can be booked: slots with what is free, the next free one, and keeping slots as the plan says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from booking.content import free_slot_contents, slot_of
from booking.database import SLOTS, connected, transaction
from booking.shapes import Clock, Plan, Slot, SlotNumber
from booking.timetable import PlannedSlot, slots_between
from booking.timing import bookable, rule_of
from config.schema.booking import Channel
from storage import Connection, Pool

MOST_SLOTS = 2_000
USUAL_SLOTS = 500
"""What is shown when nobody says how many: some weeks of one venue, or some days of all."""

_AT_ONCE = 2_000
_MOST_KNOWN = 20_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """Which slots to return; None does not limit. *people*: with at least so many seats free."""

    venue: str | None = None
    service: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    people: int = 0
    most: int = USUAL_SLOTS


class Slots:
    """The slots of the centre."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock
        self._known: dict[SlotNumber, Slot] = {}

    async def find(self, wanted: SlotQuery, channel: Channel) -> tuple[list[dict[str, Any]], bool]:
        """Return slots that *channel* may book now, the earliest first, and whether there are more."""
        one_more = replace(wanted, most=wanted.most + 1)
        async with connected(self._pool) as connection:
            rows = await self._rows(connection, one_more, channel)
        shown = free_slot_contents(rows[: wanted.most], wanted.service, self._plan())
        return list(shown), len(rows) > wanted.most

    async def _rows(
        self, connection: Connection, wanted: SlotQuery, channel: Channel
    ) -> list[dict[str, Any]]:
        now = self._clock()
        earliest, latest = bookable(rule_of(self._plan(), channel), now)
        rows = await connection.fetch(
            SLOTS["find"],
            max(earliest, wanted.since or earliest),
            min(latest, wanted.until or latest),
            wanted.venue,
            wanted.service,
            channel,
            now,
            wanted.people,
            wanted.most,
        )
        return [dict(row) for row in rows]

    async def next_free(
        self, connection: Connection, after: Slot, service: str, people: int, channel: Channel
    ) -> dict[str, Any] | None:
        """Return the next slot with room: at the same venue from then on, else anywhere, else earlier."""
        same = SlotQuery(after.venue, service, after.starts_at, None, people, 1)
        anywhere = SlotQuery(None, service, after.starts_at, None, people, 1)
        earlier = SlotQuery(None, service, None, None, people, 1)
        for wanted in (same, anywhere, earlier):
            rows = await self._rows(connection, wanted, channel)
            if rows:
                return next(free_slot_contents(rows, service, self._plan()))
        return None

    async def one(self, connection: Connection, number: SlotNumber) -> Slot | None:
        """Return one slot, or None."""
        row = await connection.fetchrow(SLOTS["one"], number)
        return None if row is None else slot_of(dict(row))

    async def known(self, number: SlotNumber) -> Slot | None:
        """Return one slot, or None; read once between two changes of the plan.

        It may have been closed meanwhile by another program; whoever takes a seat finds out.
        """
        found = self._known.get(number)
        if found is None:
            async with connected(self._pool) as connection:
                found = await self.one(connection, number)
            if found is not None and len(self._known) < _MOST_KNOWN:
                self._known[number] = found
        return found

    async def keep(self, zone: ZoneInfo) -> int:
        """Make the slots that the plan has from now to the farthest horizon, and close those it has no more.

        Reservations stay whatever the plan says; returns how many stand on closed slots. Doing it again
        changes nothing.
        """
        now, plan = self._clock(), self._plan()
        horizon = max((rule.horizon_days for rule in plan.channels), default=0)
        first = now.astimezone(zone).date()
        last = first + timedelta(days=horizon)
        # In a thread: the process that books also answers telephones.
        planned = await asyncio.to_thread(
            lambda: [slot for slot in slots_between(plan, first, last, zone) if slot.starts_at > now]
        )
        async with transaction(self._pool) as connection:
            for start in range(0, len(planned), _AT_ONCE):
                await _put(connection, planned[start : start + _AT_ONCE])
            end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
            await connection.execute(SLOTS["close_others"], _rows(planned), now, end)
            stranded = int(await connection.fetchval(SLOTS["stranded"], now) or 0)
        self._known.clear()
        log.info("booking.slots_kept", planned=len(planned), stranded_reservations=stranded)
        return stranded


async def _put(connection: Connection, planned: Sequence[PlannedSlot]) -> None:
    rows = _rows(planned)
    for statement in ("withdraw_seats", "add_slots", "change_slots", "add_seats", "change_seats"):
        await connection.execute(SLOTS[statement], rows)


def _rows(planned: Sequence[PlannedSlot]) -> list[dict[str, Any]]:
    return [
        {
            "venue": slot.venue,
            "counter": slot.counter,
            "services": slot.services,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "seats": slot.seats,
        }
        for slot in planned
    ]
