"""Answers that survive a restart: a request with an ``Idempotency-Key`` is answered from the database.

The answer is written in the same transaction as what it answers, so after any crash either both are there or
neither.
"""

from booking.database import RESERVATIONS
from booking.errors import KeyReused
from booking.shapes import Answer, Once
from storage import Connection

KEPT_DAYS = 7
"""How long an answer is remembered: longer than anybody repeats a request."""


async def remembered(connection: Connection, once: Once | None) -> Answer | None:
    """Return the answer that was given to this request before, or None. Raises `KeyReused`."""
    if once is None:
        return None
    row = await connection.fetchrow(RESERVATIONS["remembered"], once.caller, once.request, once.key)
    if row is None:
        return None
    if row["digest"] != once.digest:
        raise KeyReused("この Idempotency-Key は別の内容の操作に使われています。新しい値で送ってください。")
    return Answer(row["status"], row["answer"])


async def remember(connection: Connection, once: Once | None, answer: Answer) -> None:
    """Keep *answer*, in the transaction that *connection* is in."""
    if once is not None:
        await connection.execute(
            RESERVATIONS["remember"],
            once.caller,
            once.request,
            once.key,
            once.digest,
            answer.status,
            answer.content,
        )
