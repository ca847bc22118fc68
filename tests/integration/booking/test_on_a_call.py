"""Reservations beside a call: what the screen-pop shows of a caller, and which calls may be written to."""

import aiohttp

from booking.shapes import Who
from config.schema.booking import Channel
from madoguchi.call_notes import CallNotes
from madoguchi.reading import Callers
from tests.integration.booking.office import CITIZEN, BookingCentre
from tests.unit.agents.floor import Diary

SATO = Who("sato", Channel.OPERATOR)
CHIEF = Who("tanaka", Channel.OPERATOR, sees_all_calls=True)


async def test_the_screen_shows_a_callers_reservations(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    await operator.post("/api/reservations", json=CITIZEN | {"slot": slot["id"]})
    plan = booking.running.parts.plan
    history = Callers(booking.pool, plan, booking.office.searching)
    shown = await history.of_caller("+819012345678")
    assert shown.reservations is not None
    assert [each["written"] for each in shown.reservations] == ["12月7日(月) 09:00"]
    assert (await history.of_caller("+819000000000")).reservations == []


async def test_an_operator_writes_to_the_own_calls_only(booking: BookingCentre) -> None:
    running, diary = booking.running, Diary()
    notes = CallNotes(running.floor.engine, diary, running.shelf)
    running.shelf.records |= {"old": {"agent": "suzuki"}, "unanswered": {"agent": None}}
    running.floor.arrive("up")
    asked = ("old", "unanswered", "up", "never")
    assert [await notes.is_of(call, SATO) for call in asked] == [False, True, True, False]
    assert [await notes.is_of(call, CHIEF) for call in asked] == [True, True, True, False]
    notes.note("up", "123456782")
    (record,) = diary.records
    assert (record.stream, record.kind, record.data) == (
        "call:up",
        "call.reserved",
        {"reservation": "123456782"},
    )
