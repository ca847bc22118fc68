"""A caller books by keypad while nobody is free, on a running centre with a real database."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import stamina

from madoguchi.demo.phones import Call, EndedBy, tones
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Json
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_overflow import LOUD, until_state, waiting

SELF_SERVICE, NOTICE = "5", "24681357#"
READ_BACK_S = 60.0
"""Day, time, the number twice and what to bring: a quarter of a minute of speech, on a busy machine."""

KEYPAD = "keypad"


@pytest.fixture
async def shift(floor_copy: Copy) -> AsyncIterator[Shift]:
    async with Shift(floor_copy) as people:
        yield people


async def is_kept(shift: Shift, call_id: str) -> Json:
    """Wait until a seat is held for this call, and return the hold."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.05, wait_max=0.2
    ):
        with attempt:
            holds = (await shift.office.get("/api/holds"))["holds"]
            mine = [hold for hold in holds if (hold["by"], hold["for"]) == (KEYPAD, call_id)]
            assert 1 == len(mine)
    return dict(mine[0])


async def begins(shift: Shift, caller: str) -> tuple[Call, str]:
    """Let somebody wait and begin to book; return the call and its id."""
    call = await waiting(shift, caller)
    call.press(SELF_SERVICE)
    await until_state(shift, caller, "self-service")
    (live,) = [each for each in await shift.office.live() if each["state"] == "self-service"]
    return call, live["id"]


async def test_a_reservation_is_made_by_keypad(shift: Shift) -> None:
    call, call_id = await begins(shift, "09033330001")
    call.press(NOTICE)
    hold = await is_kept(shift, call_id)
    assert call.sound is not None
    assert tones.loudness(await call.sound.listen(1.0)) > LOUD, "silence instead of the slot"
    call.press("1")
    await within(call.over, READ_BACK_S)
    assert call.ended_by is EndedBy.THEM
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert ("self_service", "system") == (record["outcome"], record["ended_by"])
    (number,) = record["reservations"]
    made = await shift.office.get(f"/api/reservations/{number}")
    told = (made["state"], made["channel"], made["call"], made["notice_number"], made["starts_at"])
    assert ("booked", KEYPAD, call_id, NOTICE[:-1], hold["starts_at"]) == told
    assert "09033330001" == made["phone"]


async def test_the_database_hangs_while_somebody_books_and_the_caller_is_in_line_again(shift: Shift) -> None:
    call, call_id = await begins(shift, "09033330002")
    database = await asyncpg.connect(shift.running["database"])
    try:
        async with database.transaction():
            await database.execute("LOCK TABLE reservations IN ACCESS EXCLUSIVE MODE")
            call.press(NOTICE)
            await until_state(shift, "09033330002", "waiting")
        assert call.sound is not None
        assert tones.loudness(await call.sound.listen(1.0)) > LOUD, "silence instead of a sentence"
    finally:
        await database.close()
    call.leave()
    await within(call.over)
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert (call_id, "abandoned") == (record["id"], record["outcome"])
