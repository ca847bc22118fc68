"""What the city's system has and has not, over HTTP."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.reading import Limit, query_of
from agents.web.shapes import Shape
from booking.database import DELIVERIES, connected
from booking.delivery.states import DeliveryState
from booking.delivery.watching import Undelivered, undelivered
from booking.errors import BookingError, NotPossible, NotThere
from booking.outgoing.answers import one_line
from booking.shapes import Clock, Plan
from booking.web.reading import body_of
from booking.wishes import SettlementWish
from config.schema.delivery import Adapter
from storage import Pool
from telephony.record import iso

_KEY = re.compile(r"reservation:[A-Za-z0-9-]{1,40}:[0-9]{1,9}", re.ASCII)

TITLES: Mapping[str, str] = {
    DeliveryState.PENDING: "未送信",
    DeliveryState.SENT: "返信待ち",
    DeliveryState.DELIVERED: "送信済み",
    DeliveryState.REFUSED: "市の予約システムが拒否",
    DeliveryState.DONE_BY_HAND: "手作業で登録済み",
    DeliveryState.SKIPPED: "送信しない",
}


class DeliveriesQuery(BaseModel):
    """Which changes; without *state* those that are not there yet."""

    model_config = ConfigDict(extra="forbid")

    state: DeliveryState | None = None
    limit: Limit = 200


class DeliveryShape(Shape):
    """One change on its way. *trouble* says why it is not there, or why the city refused it.

    *settled_by* and *settled_why*: of one that a person settled.
    """

    key: str
    kind: str
    reservation: str
    version: int
    state: DeliveryState
    state_title: str
    attempts: int
    trouble: str | None
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None
    settled_why: str | None
    case: str | None


class UndeliveredShape(Shape):
    """How much waits, and since when."""

    count: int
    oldest_at: datetime | None
    oldest_age_s: float


class DeliveryList(Shape):
    """Changes, the oldest first."""

    adapter: Adapter
    undelivered: UndeliveredShape
    deliveries: list[DeliveryShape]


class DeliveryHandlers:
    """The handlers."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock) -> None:
        self._pool, self._plan, self._clock = pool, plan, clock

    async def list(self, request: web.Request) -> web.Response:
        """Changes on their way, the oldest first."""
        query = query_of(request, DeliveriesQuery)
        states = [DeliveryState.PENDING, DeliveryState.SENT] if query.state is None else [query.state]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(DELIVERIES["find"], states, query.limit)
        waiting, adapter = await undelivered(self._pool), self._plan().delivery.adapter
        if adapter is Adapter.NONE:
            waiting = Undelivered(0, None)
        found = [_content(dict(row)) for row in rows]
        return answer({"adapter": adapter, "undelivered": self._summary(waiting), "deliveries": found})

    async def settle(self, request: web.Request) -> web.Response:
        """Settle a change by hand: those after it go on. Raises `NotThere` or `NotPossible`."""
        wish, key = await body_of(request, SettlementWish), request.match_info["key"]
        if not _KEY.fullmatch(key):
            raise _not_settled(key, None)
        values = (key, wish.state, self._clock(), caller_of(request).user, wish.why)
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(DELIVERIES["settle_by_hand"], *values)
            state = await connection.fetchval(DELIVERIES["state_of"], key) if row is None else None
        if row is None:
            raise _not_settled(key, state)
        return answer(_content(dict(row)))

    def _summary(self, waiting: Undelivered) -> dict[str, Any]:
        return {
            "count": waiting.count,
            "oldest_at": None if waiting.oldest is None else iso(waiting.oldest),
            "oldest_age_s": round(waiting.age_s(self._clock()), 1),
        }


def _not_settled(key: str, state: str | None) -> BookingError:
    if state is None:
        return NotThere(f"{one_line(key, 60)} という変更はありません。")
    if state == DeliveryState.PENDING:
        return NotPossible(
            "市へのファイルに書き込んでいる途中です。少し待ってから、もう一度操作してください。"
        )
    return NotPossible(f"この変更は、もう「{TITLES[state]}」になっています。")


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = (
        "key",
        "kind",
        "reservation",
        "version",
        "state",
        "attempts",
        "trouble",
        "settled_by",
        "settled_why",
    )
    times = ("created_at", "next_at", "settled_at")
    content = {name: row[name] for name in plain}
    content |= {name: None if row[name] is None else iso(row[name]) for name in times}
    return content | {"state_title": TITLES[row["state"]], "case": row["case_number"]}
