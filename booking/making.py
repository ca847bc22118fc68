"""Makes a reservation: one statement decides, and everything about it is in the database or nothing is."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import asyncpg

from booking.checking import check_birth_dates, check_consent, check_people
from booking.content import joined_content, reservation_content
from booking.database import RESERVATIONS, connected, plain, transaction
from booking.errors import BookingError, Duplicate, HoldGone
from booking.numbers import new_number
from booking.refusing import HOLD_GONE, full
from booking.repeats import remembered
from booking.search_keys import kana_key, name_key, party_keys
from booking.shapes import Answer, Clock, Once, Plan, Slot, Who
from booking.slots import Slots
from booking.timing import check_bookable, rule_of
from booking.wishes import ReservationWish, stored
from booking.writer import Writer
from storage import Pool

_TRIES = 5
"""Numbers are drawn by chance out of 90 million; five taken ones in a row do not happen."""

_KEPT = (
    *("name", "kana", "phone", "birth_date", "family", "notice_number", "notes", "call"),
    *("email", "consent"),
)


@dataclass(frozen=True, slots=True)
class _Order:
    """A reservation to make, with what was found out before."""

    wish: ReservationWish
    who: Who
    once: Once | None
    people: int
    slot: Slot
    now: datetime


class Making:
    """Makes reservations."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock, slots: Slots) -> None:
        self._pool, self._plan, self._clock, self._slots = pool, plan, clock, slots
        self._writer = Writer(pool)

    async def reserve(self, wish: ReservationWish, who: Who, once: Once | None) -> Answer:
        """Make the reservation. Raises `BookingError`; then nothing was changed.

        The numbers of the person's other reservations to come are in the answer as ``duplicates``.
        """
        people, now = check_people(self._plan(), wish.people, wish.family), self._clock()
        check_birth_dates([wish.birth_date, *(each.birth_date for each in wish.family)], now.date())
        check_consent(wish.consent, wish.phone, wish.email)
        slot = await self._slots.known(wish.slot.number)
        try:
            slot = check_bookable(slot, wish.slot.service, rule_of(self._plan(), who.channel), now)
            if wish.if_duplicate == "refuse":
                await self._refuse_duplicate(wish, now)
        except BookingError:
            async with connected(self._pool) as connection:
                answer = await remembered(connection, once)
            if answer is None:
                raise
            return answer  # when it was asked for the first time, it could be booked
        return await self._insert(_Order(wish, who, once, people, slot, now))

    async def _refuse_duplicate(self, wish: ReservationWish, now: datetime) -> None:
        keys = (wish.phone, kana_key(wish.kana), name_key(wish.name))
        async with connected(self._pool) as connection:
            found = await connection.fetch(RESERVATIONS["duplicates"], *keys, now)
        shown = [joined_content(dict(row), self._plan) for row in found]
        if shown:
            first = f"{shown[0]['written']} {shown[0]['venue_title']}"
            raise Duplicate(
                f"{wish.name} 様には {first} の予約がすでにあります。"
                "その予約を変更するか、別の予約として確定してください。",
                {"duplicates": shown},
            )

    async def _insert(self, order: _Order) -> Answer:
        for _ in range(_TRIES):
            values, content = self._statement(order)
            try:
                duplicates = await self._writer.write(values)
                if duplicates is None:
                    duplicates = await self._wait_and_write(values)
            except asyncpg.UniqueViolationError as error:
                if error.constraint_name == "booking_requests_once":
                    return await self._repeat(order.once)
                if error.constraint_name != "reservations_pk":
                    raise
            else:
                if duplicates is None:
                    return await self._refuse(order)
                return Answer(HTTPStatus.CREATED, content | {"duplicates": duplicates})
        raise RuntimeError("no free reservation number was found")

    def _statement(self, order: _Order) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the statement's values and what is answered, under a new number."""
        wish, who, once = order.wish, order.who, order.once
        row = _row(order) | {"id": new_number()}
        content = reservation_content(row, order.slot, self._plan())
        seats = (wish.slot.number, order.people, who.channel, wish.hold, who.user, order.now)
        key = (None,) * 4 if once is None else (once.caller, once.request, once.key, once.digest)
        return (*seats, plain(row), content, *key), content

    async def _wait_and_write(self, values: tuple[Any, ...]) -> list[str] | None:
        """Wait for those whose seats were skipped because they were about to be taken, then try again."""
        async with transaction(self._pool) as connection:
            await connection.fetch(RESERVATIONS["wait_for_seats"], values[0])
            duplicates: list[str] | None = await connection.fetchval(RESERVATIONS["reserve"], *values)
        return duplicates

    async def _repeat(self, once: Once | None) -> Answer:
        async with connected(self._pool) as connection:
            answer = await remembered(connection, once)
        if answer is None:
            raise RuntimeError("a request was remembered and is gone")
        return answer

    async def _refuse(self, order: _Order) -> Answer:
        service, channel = order.wish.slot.service, order.who.channel
        async with connected(self._pool) as connection:
            answer = await remembered(connection, order.once)
            if answer is not None:
                return answer  # the seat that is missing went to this very request
            if order.wish.hold is not None:
                raise HoldGone(HOLD_GONE)
            slot = await self._slots.one(connection, order.slot.number)
            check_bookable(slot, service, rule_of(self._plan(), channel), order.now)
            raise await full(connection, self._slots, order.slot, (service, order.people), channel)


def _row(order: _Order) -> dict[str, Any]:
    """Return the row of `reservations`, without its number."""
    wish = order.wish
    kept = {name: stored(getattr(wish, name)) for name in _KEPT}
    return kept | {
        "slot": wish.slot.number,
        "service": wish.slot.service,
        "state": "booked",
        "channel": order.who.channel,
        "people": order.people,
        **party_keys(wish.name, wish.kana, kept["family"]),
        "version": 1,
        "created_at": order.now,
        "created_by": order.who.user,
        "changed_at": order.now,
    }
