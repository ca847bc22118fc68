"""What the city's system has and has not, over HTTP."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from agents.web.answers import answer
from booking.database import DELIVERIES, connected
from booking.delivery.watching import Undelivered, undelivered
from booking.shapes import Clock, Plan
from booking.web.reading import count_in, known_in
from config.schema.delivery import Adapter
from storage import Pool
from telephony.record import iso

STATES = {
    "pending": "未送信",
    "sent": "返信待ち",
    "delivered": "送信済み",
    "refused": "市の予約システムが拒否",
}
UNDELIVERED = ("pending", "sent")
MOST = 1_000


class DeliveryHandlers:
    """The handlers."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock

    async def list(self, request: web.Request) -> web.Response:
        """Changes on their way, the oldest first; without ``state`` those that are not there yet."""
        state = known_in(request.query, "state", STATES)
        most = count_in(request.query, "limit", default=200, most=MOST)
        states = list(UNDELIVERED) if state is None else [state]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(DELIVERIES["find"], states, most)
        waiting = await undelivered(self._pool)
        adapter = self._plan().delivery.adapter
        return answer(
            {
                "adapter": adapter,
                "undelivered": self._summary(
                    waiting if adapter is not Adapter.NONE else Undelivered(0, None)
                ),
                "deliveries": [_content(dict(row)) for row in rows],
            }
        )

    def _summary(self, waiting: Undelivered) -> dict[str, Any]:
        return {
            "count": waiting.count,
            "oldest_at": None if waiting.oldest is None else iso(waiting.oldest),
            "oldest_age_s": round(waiting.age_s(self._clock()), 1),
        }


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("key", "kind", "reservation", "version", "state", "attempts", "trouble")
    times = ("created_at", "next_at", "settled_at")
    content = {name: row[name] for name in plain}
    content |= {name: None if row[name] is None else iso(row[name]) for name in times}
    return content | {"state_title": STATES[row["state"]], "case": row["case_number"]}
