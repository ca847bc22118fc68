"""Requests of the same moment share a commit and nothing else."""

import asyncio

import asyncpg
import pytest

from booking.shapes import Once, SlotId, SlotNumber, Who
from booking.wishes import ReservationWish
from config.schema.booking import Channel
from tests.integration.booking.office import CITIZEN, BookingCentre

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
WHO = Who("sato", Channel.OPERATOR)


async def wish(booking: BookingCentre, people: int = 1) -> ReservationWish:
    number = SlotNumber(await booking.pool.fetchval("SELECT id FROM slots WHERE venue = 'koseki' LIMIT 1"))
    return ReservationWish.model_validate(
        CITIZEN | {"slot": str(SlotId(number, "collection")), "people": people}
    )


async def test_a_request_that_breaks_a_rule_does_not_spoil_the_others(
    booking: BookingCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests draw the same number in one batch: the second draws another, nobody notices."""
    numbers = iter(["111111117", "111111117", "222222223"])
    monkeypatch.setattr("booking.making.new_number", lambda: next(numbers))
    wanted = await wish(booking)
    made = await asyncio.gather(*(booking.office.making.reserve(wanted, WHO, None) for _ in range(2)))
    assert sorted(answer.content["id"] for answer in made) == ["111111117", "222222223"]


async def test_the_same_key_twice_in_one_moment_is_one_reservation(booking: BookingCentre) -> None:
    once, wanted = Once("sato", "POST /api/reservations", "k", b"digest"), await wish(booking)
    made = await asyncio.gather(*(booking.office.making.reserve(wanted, WHO, once) for _ in range(4)))
    assert len({answer.content["id"] for answer in made}) == 1
    assert await booking.pool.fetchval("SELECT count(*) FROM reservations") == 1


async def test_a_client_that_leaves_does_not_take_the_others_along(booking: BookingCentre) -> None:
    wanted, blocker = await wish(booking), await asyncpg.connect(booking.database)
    block = blocker.transaction()
    await block.start()
    await blocker.execute("LOCK TABLE outbox")  # so that the batch is under way when the first leaves
    first = asyncio.create_task(booking.office.making.reserve(wanted, WHO, None))
    await asyncio.sleep(0)
    second = asyncio.create_task(booking.office.making.reserve(wanted, WHO, None))
    await somebody_waits(booking)
    first.cancel()
    await block.rollback()
    await blocker.close()
    assert (await second).status == 201


async def somebody_waits(booking: BookingCentre) -> None:
    """Return when somebody waits for a lock."""
    async with asyncio.timeout(10):
        while not await booking.pool.fetchval(_WAITING):  # noqa: ASYNC110 -- another process: no event to await
            await asyncio.sleep(0)
