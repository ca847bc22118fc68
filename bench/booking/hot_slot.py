"""One slot that everybody wants: reservations a second, ours and the usual way, in the same run."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from bench.booking.plain import TABLES, PlainMaking
from booking.office import open_office
from booking.shapes import Once, SlotId, SlotNumber, Who
from booking.wishes import ReservationWish
from config.schema.booking import Channel
from storage import Pool, open_pool
from telephony.record import JST
from tests.integration.booking.office import CITIZEN, Clock, Notes, booking_plan

CLIENTS = 16
ROUND_S = 3.0
MOST_A_ROUND = 12_000
SEATS = 100_000
_WHO = Who("sato", Channel.OPERATOR)

Request = tuple[ReservationWish, Once]
Attempt = Callable[[ReservationWish, Once], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class HotSlot:
    """Reservations a second, round by round."""

    ours: list[float]
    plain: list[float]


async def hot_slot(database: str, rounds: int) -> HotSlot:
    """Measure both, one after the other in each round."""
    pool = await open_pool(database, name="hot-slot", size=CLIENTS, lean=True)
    plan, clock = booking_plan(), Clock()
    office = open_office(pool, lambda: plan, clock, Notes())
    await office.slots.keep(JST)
    number = await _with_many_seats(pool)
    async with pool.acquire() as connection:
        slot = await office.slots.one(connection, number)
    if slot is None:
        raise RuntimeError("the plan made no slot")
    plain = PlainMaking(pool, lambda: plan)

    async def ours(wish: ReservationWish, once: Once) -> bool:
        return (await office.making.reserve(wish, _WHO, once)).status == HTTPStatus.CREATED

    async def usual(wish: ReservationWish, once: Once) -> bool:
        return await plain.reserve(wish, slot, _WHO, once, clock()) is not None

    requests = _requests(number)
    found = HotSlot([], [])
    for _ in range(rounds):
        found.ours.append(await _rate(ours, requests))
        found.plain.append(await _rate(usual, requests))
    await pool.close()
    return found


async def _rate(attempt: Attempt, requests: Iterator[Request]) -> float:
    ready = list(itertools.islice(requests, MOST_A_ROUND))  # reading a request is not what is measured
    began, made = time.perf_counter(), 0

    async def client() -> None:
        nonlocal made
        while time.perf_counter() - began < ROUND_S:
            done = await attempt(*ready.pop())
            made += done

    async with asyncio.TaskGroup() as clients:
        for _ in range(CLIENTS):
            clients.create_task(client())
    return made / (time.perf_counter() - began)


async def _with_many_seats(pool: Pool) -> SlotNumber:
    number: int = await pool.fetchval("UPDATE slots SET capacity = $1 WHERE id = 1 RETURNING id", SEATS)
    await pool.execute(
        "INSERT INTO seats (slot, number, capacity, open_to) SELECT 1, n, $1, '{operator}' "
        "FROM generate_series(3, $1) AS n",
        SEATS,
    )
    await pool.execute(TABLES)
    await pool.execute("ANALYZE")
    return SlotNumber(number)


def _requests(number: SlotNumber) -> Iterator[Request]:
    """Yield one after another, each from somebody else."""
    slot = str(SlotId(number, "collection"))
    for turn in itertools.count():
        wish = ReservationWish.model_validate(CITIZEN | {"slot": slot, "phone": f"090{turn:08d}"})
        yield wish, Once("sato", "POST /api/reservations", str(turn), b"")
