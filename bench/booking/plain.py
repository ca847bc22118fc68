"""Booking as it is usually written, to measure against: lock the slot's row, look, insert, commit.

Does everything that ours does for one reservation (history, outbox, the remembered answer), on tables of its
own that have no seats.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from booking.content import reservation_content
from booking.database import plain
from booking.numbers import new_number
from booking.search_keys import party_keys
from booking.shapes import Answer, Once, Plan, Slot, Who
from booking.wishes import ReservationWish, stored
from storage import Pool

TABLES = """
CREATE TABLE plain_slots (id bigint PRIMARY KEY, capacity integer NOT NULL, taken integer NOT NULL DEFAULT 0);
CREATE TABLE plain_reservations (LIKE reservations INCLUDING ALL);
CREATE TABLE plain_history (LIKE reservation_history INCLUDING ALL);
CREATE TABLE plain_outbox (LIKE outbox INCLUDING ALL);
CREATE TABLE plain_requests (LIKE booking_requests INCLUDING ALL);
INSERT INTO plain_slots (id, capacity) SELECT id, capacity FROM slots;
"""

_KEPT = (
    *("name", "kana", "phone", "birth_date", "family", "notice_number", "notes", "call"),
    *("email", "consent"),
)
_DUPLICATES = """
SELECT id FROM plain_reservations
WHERE phone = $1 AND (kana_key = $2 OR name_key = $3) AND state = 'booked'
"""
_LOCK = "SELECT capacity - taken FROM plain_slots WHERE id = $1 FOR UPDATE"
_TAKE = "UPDATE plain_slots SET taken = taken + $2 WHERE id = $1"
_INSERT = "INSERT INTO plain_reservations SELECT * FROM jsonb_populate_record(NULL::plain_reservations, $1)"
_HISTORY = """
INSERT INTO plain_history (reservation, version, at, by, kind, changes)
VALUES ($1, 1, $2, $3, 'created', '{}')
"""
_OUTBOX = "INSERT INTO plain_outbox (kind, key, payload) VALUES ('reservation.created', $1, $2)"
_REMEMBER = """
INSERT INTO plain_requests (caller, request, key, digest, status, answer) VALUES ($1, $2, $3, $4, 201, $5)
"""


class PlainMaking:
    """Makes reservations with ``SELECT … FOR UPDATE``."""

    def __init__(self, pool: Pool, plan: Plan) -> None:
        self._pool, self._plan = pool, plan

    async def reserve(
        self, wish: ReservationWish, slot: Slot, who: Who, once: Once, now: datetime
    ) -> Answer | None:
        """Return the answer, or None when the slot is full."""
        row = _row(wish, who, now)
        content = reservation_content(row, slot, self._plan())
        answer = Answer(HTTPStatus.CREATED, content | {"duplicates": []})
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.fetch(_DUPLICATES, row["phone"], row["kana_key"], row["name_key"])
            if await connection.fetchval(_LOCK, slot.number) < row["people"]:
                return None
            await connection.execute(_TAKE, slot.number, row["people"])
            await connection.execute(_INSERT, plain(row))
            await connection.execute(_HISTORY, row["id"], now, who.user)
            await connection.execute(_OUTBOX, f"reservation:{row['id']}:1", content)
            key = (once.caller, once.request, once.key, once.digest)
            await connection.execute(_REMEMBER, *key, answer.content)
        return answer


def _row(wish: ReservationWish, who: Who, now: datetime) -> dict[str, Any]:
    kept = {name: stored(getattr(wish, name)) for name in _KEPT}
    return kept | {
        "id": new_number(),
        "slot": wish.slot.number,
        "service": wish.slot.service,
        "state": "booked",
        "channel": who.channel,
        "people": 1,
        **party_keys(wish.name, wish.kana, kept["family"]),
        "version": 1,
        "created_at": now,
        "created_by": who.user,
        "changed_at": now,
    }
