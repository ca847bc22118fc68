"""Reservations beside a call: what the screen-pop shows, which calls may be written to, and notes."""

import aiohttp
import pytest

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


async def test_what_an_operator_notes_goes_into_the_calls_record(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    answer = await operator.post("/api/calls/call-1/notes", json={"text": "折り返しは夕方がよい"})
    assert 204 == answer.status
    assert [("call-1", "sato", "折り返しは夕方がよい")] == booking.calls.written


@pytest.mark.parametrize(
    ("call", "text", "said"),
    [
        ("call-1", "番号は 1234 5678 9018 です", "マイナンバー"),
        ("call-1", "あ" * 2_001, "長すぎます"),
        ("somebody-elses", "メモ", "あなたの通話ではありません"),
    ],
)
async def test_a_note_that_may_not_be_kept_is_refused_in_words(
    booking: BookingCentre, operator: aiohttp.ClientSession, call: str, text: str, said: str
) -> None:
    answer = await operator.post(f"/api/calls/{call}/notes", json={"text": text})
    assert 422 == answer.status
    assert said in (await answer.json(content_type=None))["detail"]
    assert [] == booking.calls.written


async def test_notes_are_entries_of_their_own(booking: BookingCentre) -> None:
    diary = Diary()
    CallNotes(booking.running.floor.engine, diary, booking.running.shelf).write_down("up", "sato", "メモ")
    (record,) = diary.records
    expected = ("call:up", "call.noted", {"agent": "sato", "text": "メモ"})
    assert expected == (record.stream, record.kind, record.data)
