"""PostgreSQL for the booking: named statements, and its errors as ours."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from agents.ports import Unavailable
from booking.errors import BookingError, ChangedMeanwhile, SlotClosed, SlotFull
from storage import PASSING, Connection, Pool, read_statements

_SQL = Path(__file__).parent / "sql"
RESERVATIONS = read_statements(_SQL / "reservations.sql")
SLOTS = read_statements(_SQL / "slots.sql")
WAITLIST = read_statements(_SQL / "waitlist.sql")
DELIVERIES = read_statements(_SQL / "deliveries.sql")
MESSAGES = read_statements(_SQL / "messages.sql")
CASES = read_statements(_SQL / "cases.sql")
KNOWLEDGE = read_statements(_SQL / "knowledge.sql")
QUALITY = read_statements(_SQL / "quality.sql")
OUTREACH = read_statements(_SQL / "outreach.sql")

_AWAY = (
    "データベースにつながらないため、操作が記録されたか確かめられません。入力した内容はそのままにして、"
    "少し待ってからもう一度確定してください（同じ操作が二重に記録されることはありません）。"
)
_OTHERS_SEAT = "この枠は今ほかの人が確定しました。枠を選び直してください。"

Meanings = Mapping[str, tuple[type[BookingError], str]]

_MEANING: Meanings = {
    "reservations_have_their_seats": (SlotFull, _OTHERS_SEAT),
    "seats_taken_in_the_same_slot": (SlotFull, _OTHERS_SEAT),
    "seats_taken_through_an_open_channel": (SlotFull, "この枠は、この受付方法で予約できる分が埋まりました。"),
    "seats_taken_are_not_held": (SlotFull, _OTHERS_SEAT),
    "reservation_history_pk": (ChangedMeanwhile, "ほかの人が先に変更しました。読み直してください。"),
    "outbox_key_once": (ChangedMeanwhile, "ほかの人が先に変更しました。読み直してください。"),
    "reservations_slot_exists": (SlotClosed, "この枠はもうありません。枠を選び直してください。"),
}
"""What a constraint that stood in the way means to whoever asked."""


@asynccontextmanager
async def connected(pool: Pool, meanings: Meanings = _MEANING) -> AsyncIterator[Connection]:
    """Give a connection. Raises `Unavailable`, and domain errors for constraints in *meanings*."""
    try:
        async with pool.acquire() as connection:
            yield connection
    except PASSING as error:
        raise Unavailable(_AWAY) from error
    except asyncpg.IntegrityConstraintViolationError as error:
        kind, sentence = meanings.get(str(error.constraint_name), (None, ""))
        if kind is None:
            raise
        raise kind(sentence) from error


@asynccontextmanager
async def transaction(pool: Pool, meanings: Meanings = _MEANING) -> AsyncIterator[Connection]:
    """Give a connection in a transaction that is committed at the end, or rolled back by any error."""
    async with connected(pool, meanings) as connection, connection.transaction():
        yield connection


def plain(content: Any) -> Any:
    """Return *content* with everything that JSON does not know (dates) written as it will be read."""
    return orjson.loads(orjson.dumps(content))
