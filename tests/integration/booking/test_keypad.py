"""What the booking answers to callers with a keypad, on a real database; it keeps what was read out."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from booking.keypad import KANA, NAME, NOTE, KeypadDesk
from booking.shapes import Who
from booking.slots import SlotQuery
from booking.wishes import ReservationWish
from config.schema.booking import Channel
from storage import migrate
from telephony.model import self_booking as sb
from telephony.model.commands import AskBooking, ForgetBooking
from telephony.model.events import BookingAnswered
from telephony.model.ids import CallId, Instant
from tests.integration.booking.office import BookingCentre, booking_centre, booking_plan
from tests.postgres_fixture import Cluster, outside_loop

CALL = CallId("m-1.1")
CALLER = "+819012345678"
OPERATOR = Who("sato", Channel.OPERATOR)
BORN = date(1980, 4, 5)
NOTICE = sb.Identity("12345678", CALLER, None)
LIMIT_S = 20


def _plan() -> Any:
    """Two desks at each venue; callers may have one of them."""
    venues = booking_plan().model_dump(mode="json")["venues"]
    venues[1]["counters"][0]["desks"] = 2
    return booking_plan(
        venues=venues,
        channels=[
            {"name": "operator", "horizon_days": 8},
            {"name": "keypad", "share": 0.5, "lead_s": 3_600, "horizon_days": 8},
        ],
    )


@dataclass
class Caller:
    """One call that asks the desk."""

    desk: KeypadDesk
    answers: asyncio.Queue[BookingAnswered]
    call: CallId
    asked: int = 0

    async def ask(self, question: sb.Question) -> Any:
        self.asked += 1
        self.desk.ask(AskBooking(self.call, self.asked, question))
        return await self.next()

    async def next(self) -> Any:
        async with asyncio.timeout(LIMIT_S):
            return (await self.answers.get()).answer

    async def keep(
        self, after: sb.FreeSlot | None = None, by: sb.Next = sb.Next.TIME, people: int = 1
    ) -> Any:
        kept = await self.ask(sb.Keep("collection", people, after, by))
        assert isinstance(kept, sb.Kept)
        return kept.slot

    async def book(self, identity: sb.Identity = NOTICE) -> sb.Reservation:
        slot = await self.keep()
        done = await self.ask(sb.Book(identity, slot, CALLER))
        assert isinstance(done, sb.Done), done
        return done.reservation

    async def forget(self) -> None:
        self.desk.forget(ForgetBooking(self.call))
        await self.desk.close()


@pytest.fixture
async def booking(database_url: str, tmp_path: Path) -> AsyncIterator[BookingCentre]:
    async with booking_centre(database_url, tmp_path, _plan()) as centre:
        yield centre


@pytest.fixture
def caller(booking: BookingCentre) -> Caller:
    answers: asyncio.Queue[BookingAnswered] = asyncio.Queue()
    return Caller(KeypadDesk(booking.office, booking.pool, booking.clock, answers.put_nowait), answers, CALL)


def at(written: str) -> Instant:
    return Instant(datetime.fromisoformat(f"{written}+09:00").timestamp())


async def row_of(booking: BookingCentre, number: str) -> dict[str, Any]:
    row = await booking.pool.fetchrow("SELECT * FROM reservations WHERE id = $1", number)
    assert row is not None
    return dict(row)


async def held(booking: BookingCentre) -> list[str]:
    return [each["by"] for each in await booking.office.holds.all()]


async def test_a_reservation_is_made_in_the_slot_that_was_read_out(
    booking: BookingCentre, caller: Caller
) -> None:
    assert await caller.ask(sb.LookUp(NOTICE)) == sb.Known(None)
    slot = await caller.keep()
    assert (slot.venue, slot.starts_at) == ("koseki", at("2026-12-07T09:00"))
    assert await held(booking) == ["keypad"]
    done = await caller.ask(sb.Book(NOTICE, slot, CALLER))
    row = await row_of(booking, done.reservation.number)
    kept = ("channel", "created_by", "name", "kana", "phone", "notice_number", "notes", "call")
    assert [row[name] for name in kept] == [
        *("keypad", "keypad", NAME, KANA, "09012345678", "12345678", NOTE, "m-1.1")
    ]
    assert await held(booking) == []
    assert booking.calls.noted == [("m-1.1", done.reservation.number)]
    assert await caller.ask(sb.LookUp(NOTICE)) == sb.Known(done.reservation)


async def test_phone_and_birth_date_find_what_an_operator_booked_and_its_name_is_used_again(
    booking: BookingCentre, caller: Caller
) -> None:
    slots, _ = await booking.office.slots.find(SlotQuery(people=2, service="collection"), Channel.OPERATOR)
    wish = {"slot": slots[0]["id"], "name": "松阪 花子", "kana": "マツサカ ハナコ", "phone": "090-1234-5678"}
    born = ReservationWish.model_validate(wish | {"birth_date": BORN, "people": 2})
    made = await booking.office.making.reserve(born, OPERATOR, None)
    citizen = sb.Identity(None, "09012345678", BORN)
    known = await caller.ask(sb.LookUp(citizen))
    assert (known.reservation.number, known.reservation.people) == (made.content["id"], 2)
    assert await caller.ask(sb.LookUp(sb.Identity(None, "09012345678", date(1980, 4, 6)))) == sb.Known(None)
    done = await caller.ask(sb.Cancel(known.reservation))
    assert isinstance(done, sb.Done)
    again = await caller.book(citizen)
    row = await row_of(booking, again.number)
    assert (row["name"], row["kana"], row["birth_date"]) == ("松阪 花子", "マツサカ ハナコ", BORN)


async def test_a_notice_number_is_found_in_any_writing(booking: BookingCentre, caller: Caller) -> None:
    made = await caller.book()
    await booking.pool.execute("UPDATE reservations SET notice_number = 'Ａ１２３４-5678'")
    known = await caller.ask(sb.LookUp(NOTICE))
    assert known.reservation.number == made.number


async def test_a_reservation_is_moved_and_cancelled(booking: BookingCentre, caller: Caller) -> None:
    made = await caller.book()
    slot = await caller.keep(sb.FreeSlot("", "koseki", made.starts_at))
    moved = (await caller.ask(sb.Move(made, slot))).reservation
    assert (moved.number, moved.starts_at) == (made.number, at("2026-12-07T09:30"))
    assert (await caller.ask(sb.Cancel(moved))).reservation.number == made.number
    assert (await row_of(booking, made.number))["state"] == "cancelled"
    assert len(booking.calls.noted) == 3


async def test_later_another_day_another_venue_and_nothing_more(
    booking: BookingCentre, caller: Caller
) -> None:
    first = await caller.keep()
    later = await caller.keep(first)
    assert (later.venue, later.starts_at) == ("koseki", at("2026-12-07T09:30"))
    assert await caller.keep() == first, "who begins anew hears the first one again"
    tuesday = await caller.keep(first, sb.Next.DAY)
    assert (tuesday.venue, tuesday.starts_at) == ("koseki", at("2026-12-08T09:00"))
    branch = await caller.keep(first, sb.Next.VENUE)
    assert (branch.venue, branch.starts_at) == ("ureshino", at("2026-12-07T09:00"))
    assert await held(booking) == ["keypad"], "only what was read out last is kept"
    last = sb.FreeSlot("", "koseki", at("2026-12-15T09:30"))
    assert await caller.keep(last) is None
    assert await held(booking) == ["keypad"], "what was read out is still there"
    await caller.forget()
    assert await held(booking) == []


async def test_callers_are_never_told_the_same_seat(caller: Caller) -> None:
    """Six at the same moment; each venue has one desk for callers."""
    others = [Caller(caller.desk, caller.answers, CallId(f"m-2.{index}")) for index in range(6)]
    for other in others:
        other.desk.ask(AskBooking(other.call, 1, sb.Keep("collection")))
    told = [(await caller.next()).slot for _ in others]
    assert len({(slot.venue, slot.starts_at) for slot in told}) == len(others)


async def test_a_seat_that_was_taken_over_is_gone(booking: BookingCentre, caller: Caller) -> None:
    """Race: a colleague takes the hold over on purpose just before 1 is pressed."""
    slot = await caller.keep()
    (hold,) = await booking.office.holds.all()
    await booking.office.holds.take_over(hold["id"], OPERATOR, None)
    assert await caller.ask(sb.Book(NOTICE, slot, CALLER)) == sb.Gone()
    assert (await caller.ask(sb.LookUp(NOTICE))) == sb.Known(None)


async def test_the_same_question_again_has_one_effect(booking: BookingCentre, caller: Caller) -> None:
    """Race: the answer was lost with the connection, and the desk asks the database again."""
    slot = await caller.keep()
    question = sb.Book(NOTICE, slot, CALLER)
    first = await caller.ask(question)
    caller.asked -= 1
    assert await caller.ask(question) == first
    assert await booking.pool.fetchval("SELECT count(*) FROM reservations") == 1


async def test_a_my_number_is_neither_looked_for_nor_kept(booking: BookingCentre, caller: Caller) -> None:
    assert await caller.ask(sb.LookUp(sb.Identity("123456789018", CALLER, None))) == sb.MyNumber()
    slot = await caller.keep()
    assert await caller.ask(sb.Book(sb.Identity("123456789018", CALLER, None), slot, None)) == sb.MyNumber()
    assert "123456789018" not in json.dumps([str(row) for row in await booking.pool.fetch(_EVERYTHING)])


_EVERYTHING = "SELECT to_jsonb(reservations) FROM reservations UNION ALL SELECT to_jsonb(seats) FROM seats"


async def test_where_there_is_no_room_for_all_people_nothing_is_offered(caller: Caller) -> None:
    assert await caller.keep(people=2) is None, "callers may have one desk of a slot"


async def test_a_database_that_is_away_is_an_answer(private_postgres: Cluster, tmp_path: Path) -> None:
    outside_loop(migrate(private_postgres.url))
    async with booking_centre(private_postgres.url, tmp_path, _plan()) as centre:
        answers: asyncio.Queue[BookingAnswered] = asyncio.Queue()
        desk = KeypadDesk(centre.office, centre.pool, centre.clock, answers.put_nowait)
        caller = Caller(desk, answers, CALL)
        slot = await caller.keep()
        await asyncio.to_thread(private_postgres.kill)
        assert await caller.ask(sb.Book(NOTICE, slot, CALLER)) == sb.NoAnswer()
        await asyncio.to_thread(private_postgres.start)
