"""The waiting list: who would take a slot when one comes free, and offers to them in the order of coming.

An offer is a hold that nobody else can book. Whoever calls the person takes the hold over and books with it.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from agents.writing import phone_number
from booking.checking import check_people
from booking.database import SLOTS, WAITLIST, connected, transaction
from booking.errors import FieldFault, Invalid, NotPossible, NotThere
from booking.shapes import Clock, Plan, SlotId, SlotNumber, Who
from booking.timing import bookable, rule_of
from booking.wishes import WaitlistWish
from booking.wording import day_and_time
from config.schema.booking import Channel
from storage import Connection, Pool
from telephony.record import iso

HOLDER = "waitlist"
"""Who holds the seats of an offer, until somebody takes the hold over."""

OPEN_STATES = ("waiting", "offered")
MOST = 500


class Waitlist:
    """The waiting list of the centre."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock

    async def enter(self, wish: WaitlistWish, who: Who) -> dict[str, Any]:
        """Put somebody at the end. Raises `BookingError`."""
        plan, now = self._plan(), self._clock()
        people = check_people(plan, wish.people, ())
        if plan.service(wish.service) is None:
            raise Invalid(FieldFault("service", "この用件はありません。"))
        if wish.venue is not None and plan.venue(wish.venue) is None:
            raise Invalid(FieldFault("venue", "この会場はありません。"))
        earliest, latest = bookable(rule_of(plan, who.channel), now)
        latest = wish.until or latest
        if latest <= now:
            raise Invalid(FieldFault("until", "待てる期間が過ぎています。これからの日時を入れてください。"))
        wanted = (wish.service, wish.venue, max(wish.since or earliest, now), latest, people)
        person = (wish.name, wish.kana, wish.phone, wish.notes)
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(WAITLIST["enter"], *wanted, *person, who.channel, now, who.user)
        if row is None:
            raise RuntimeError("an entry was made and is gone")
        return self._content(dict(row))

    async def find(
        self, states: Sequence[str] = OPEN_STATES, service: str | None = None, venue: str | None = None
    ) -> list[dict[str, Any]]:
        """Return entries in the order of coming."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(WAITLIST["find"], list(states), service, venue, MOST)
        return [self._content(dict(row)) for row in rows]

    async def withdraw(self, entry: int) -> None:
        """Take somebody off the list; seats kept for them are free at once. Raises `BookingError`."""
        async with transaction(self._pool) as connection:
            row = await connection.fetchrow(WAITLIST["one"], entry)
            if row is None:
                raise NotThere("このキャンセル待ちはありません。")
            if row["state"] not in OPEN_STATES:
                raise NotPossible("このキャンセル待ちはもう終わっています。")
            if row["hold"] is not None:
                await connection.execute(SLOTS["release"], row["hold"], HOLDER)
            await connection.execute(WAITLIST["withdraw"], entry, self._clock())

    async def offer(self) -> int:
        """End offers that ran out, then offer what is free to those who wait, in order; return how many."""
        now, made = self._clock(), 0
        async with transaction(self._pool) as connection:
            await connection.execute(WAITLIST["expire"], now)
            for row in await connection.fetch(WAITLIST["next_in_line"], now):
                made += await self._offer(connection, dict(row), now)
        return made

    async def _offer(self, connection: Connection, row: Mapping[str, Any], now: datetime) -> bool:
        hold, until = secrets.token_hex(8), now + timedelta(seconds=self._plan().offer_s)
        earliest, latest = bookable(rule_of(self._plan(), Channel(row["channel"])), now)
        got = await connection.fetch(
            WAITLIST["keep_seats"],
            row["service"],
            row["venue"],
            max(earliest, row["earliest"]),
            min(latest, row["latest"]),
            row["people"],
            row["channel"],
            now,
            hold,
            HOLDER,
            f"{HOLDER}:{row['id']}",
            until,
        )
        if got:
            await connection.execute(WAITLIST["offer"], row["id"], hold, until, now)
        return bool(got)

    def _content(self, row: Mapping[str, Any]) -> dict[str, Any]:
        content: dict[str, Any] = {
            name: row[name]
            for name in ("id", "state", "service", "venue", "people", "name", "kana", "phone", "notes")
        }
        content |= {
            "phone_written": phone_number(row["phone"]),
            "from": iso(row["earliest"]),
            "until": iso(row["latest"]),
            "created_at": iso(row["created_at"]),
            "reservation": row["reservation"],
            "hold": row["hold"],
            "offered_until": None if row["offered_until"] is None else iso(row["offered_until"]),
        }
        if row.get("slot") is not None:
            content["offered"] = {
                "slot": str(SlotId(SlotNumber(row["slot"]), row["service"])),
                "venue": row["held_venue"],
                "starts_at": iso(row["starts_at"]),
                "written": day_and_time(row["starts_at"]),
            }
        return content
