"""Slots that follow the plan, reservations that are found, and constraints that hold against any code."""

from typing import Any

import aiohttp
import asyncpg
import pytest

from booking.database import RESERVATIONS
from tests.integration.booking.office import CITIZEN, BookingCentre, booking_plan


async def make(client: aiohttp.ClientSession, slot: str, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/reservations", json=CITIZEN | {"slot": slot} | more)
    assert answer.status == 201, await answer.text()
    made: dict[str, Any] = await answer.json()
    return made


async def found(client: aiohttp.ClientSession, **query: str) -> list[str]:
    answer = await client.get("/api/reservations", params=query)
    assert answer.status == 200, await answer.text()
    return [each["name"] for each in (await answer.json())["reservations"]]


async def test_reservations_are_found_however_they_are_written(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    query = {"service": "pin", "venue": "koseki"}
    slots = (await (await operator.get("/api/slots", params=query)).json())["slots"]
    ono = {"name": "大野 髙志", "kana": "オオノ タカシ", "phone": "0598-12-3456"}
    watanabe = {
        "name": "渡邉 𠮷子",
        "kana": "ワタナベ ヨシコ",
        "phone": "090-0000-1111",
        "notice_number": "T-77",
    }
    violet = {"name": "Violet", "kana": "ヴァイオレット", "phone": "080-2222-3333"}
    family = [{"name": "伊藤 惠", "kana": "イトウ メグミ"}]
    made = await make(operator, slots[0]["id"], **ono)
    await make(operator, slots[1]["id"], **watanabe, family=family)
    await make(operator, slots[2]["id"], **violet)
    for words in (
        made["number"],
        made["id"][1:8],
        "0598123456",
        "12-3456",
        "オーノ",
        "おおの",
        "ｵｵﾉ",
        "高志",
        "大野髙",
    ):
        assert await found(operator, q=words) == ["大野 髙志"], words
    for words in ("渡辺", "渡邊", "吉子", "わたなべよしこ", "伊藤 恵", "イトー", "T-77"):
        assert await found(operator, q=words) == ["渡邉 𠮷子"], words
    for words in ("バイオレット", "ばいお", "violet"):
        assert await found(operator, q=words) == ["Violet"], words
    assert await found(operator, phone="+81 90 0000 1111") == ["渡邉 𠮷子"]
    assert await found(operator, kana="タカシ", venue=slots[0]["venue"]) == ["大野 髙志"]
    assert await found(operator, q="だれも") == []
    assert len(await found(operator, state="booked", until="2026-12-08")) == 2
    popped = await booking.office.searching.of_phone("+819000001111")
    assert [each["name"] for each in popped] == ["渡邉 𠮷子"]


async def test_a_caller_is_looked_up_by_an_index_among_many(booking: BookingCentre) -> None:
    """The screen-pop must not become slower with the years."""
    async with booking.pool.acquire() as connection:
        await connection.execute(_MANY)
        await connection.execute("ANALYZE reservations")
        question = RESERVATIONS["of_phone"].replace("$1", "'09000000007'").replace("$2", "5")
        plan = [row[0] for row in await connection.fetch("EXPLAIN " + question)]
    assert any("reservations_by_phone" in line for line in plan), plan
    assert not any("Seq Scan on reservations" in line for line in plan), plan


async def test_keeping_slots_again_changes_nothing(booking: BookingCentre) -> None:
    before = await booking.pool.fetch("SELECT xmin::text, * FROM slots ORDER BY id")
    seats = await booking.pool.fetch("SELECT xmin::text, * FROM seats ORDER BY slot, number")
    await booking.keep_slots()
    assert await booking.pool.fetch("SELECT xmin::text, * FROM slots ORDER BY id") == before
    assert await booking.pool.fetch("SELECT xmin::text, * FROM seats ORDER BY slot, number") == seats


async def test_a_changed_plan_adds_and_closes_and_keeps_who_is_booked(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    await make(operator, slot["id"])
    other = await booking.slot(operator, **{"from": "2026-12-08"})
    await make(operator, other["id"], people=2)
    plan = booking_plan()
    hall = plan.venues[0].model_dump(mode="json")
    hall["exceptions"] = [{"on": "2026-12-07", "why": "停電"}]
    hall["counters"][0]["desks"] = 1
    booking.plan.append(booking_plan(venues=[hall]))
    assert await booking.keep_slots() == 1  # somebody is booked on the day that is closed now
    days = [each["starts_at"][:10] for each in await _slots(operator)]
    assert days[0] == "2026-12-08"
    full = await booking.slot(operator, **{"from": "2026-12-08"})
    assert (full["id"], full["capacity"], full["free"]) == (other["id"], 2, 0)
    booking.plan.append(booking_plan())
    await booking.keep_slots()
    assert (await booking.slot(operator))["id"] == slot["id"]


async def _slots(client: aiohttp.ClientSession) -> list[dict[str, Any]]:
    slots: list[dict[str, Any]] = (await (await client.get("/api/slots")).json())["slots"]
    return slots


_ONE_MORE_SEAT = """
INSERT INTO seats (slot, number, capacity, open_to) SELECT slot, 3, {}, open_to FROM seats LIMIT 1
"""


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE seats SET reservation = NULL, channel = NULL", "reservations_have_their_seats"),
        ("UPDATE reservations SET people = 2", "reservations_have_their_seats"),
        ("UPDATE reservations SET state = 'cancelled'", "reservations_have_their_seats"),
        ("DELETE FROM seats WHERE reservation IS NOT NULL", "reservations_have_their_seats"),
        (
            "UPDATE reservations SET slot = (SELECT max(id) FROM slots)",
            "seats_taken_in_the_same_slot",
        ),
        (
            _ONE_MORE_SEAT.format(2),
            "seats_within_capacity",
        ),
        (
            _ONE_MORE_SEAT.format(3),
            "seats_belong_to_slot",
        ),
        (
            "UPDATE seats SET channel = 'web' WHERE reservation IS NOT NULL",
            "seats_taken_through_an_open_channel",
        ),
        (
            "UPDATE seats SET hold = 'h', held_by = 'x', held_until = now() WHERE reservation IS NOT NULL",
            "seats_taken_are_not_held",
        ),
    ],
)
async def test_no_code_can_overbook(database_url: str, statement: str, constraint: str) -> None:
    """Whatever is written to the tables by whatever program, PostgreSQL refuses it."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_ONE_RESERVATION)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await connection.execute(statement)
        assert refused.value.constraint_name == constraint
    finally:
        await connection.close()


_ONE_RESERVATION = """
WITH slot AS (
    INSERT INTO slots (venue, counter, services, starts_at, ends_at, capacity)
    SELECT 'hall', 'card', '{pin}', day, day + interval '1 hour', 2
    FROM generate_series(now(), now() + interval '1 day', '1 day') AS day
    RETURNING id
),
seat AS (
    INSERT INTO seats (slot, number, capacity, open_to, reservation, channel)
    SELECT
        id,
        number,
        2,
        '{operator}',
        CASE WHEN number = 1 AND id = (SELECT min(id) FROM slot) THEN '123456782' END,
        CASE WHEN number = 1 AND id = (SELECT min(id) FROM slot) THEN 'operator' END
    FROM slot, generate_series(1, 2) AS number
)
INSERT INTO reservations (
    id, slot, service, state, channel, people, name, kana, phone, family, name_key, kana_key, version,
    created_at, created_by, changed_at
)
SELECT '123456782', min(id), 'pin', 'booked', 'operator', 1, '松', 'マツ', '1', '[]', '', '', 1, now(), 'x',
    now()
FROM slot
"""

_MANY = """
INSERT INTO reservations (
    id, slot, service, state, channel, people, name, kana, phone, family, name_key, kana_key, version,
    created_at, created_by, changed_at
)
SELECT (100000000 + n)::text, (SELECT min(id) FROM slots), 'pin', 'cancelled', 'operator', 1, '松', 'マツ',
    '090' || lpad(n::text, 8, '0'), '[]', '', '', 1, now(), 'x', now()
FROM generate_series(1, 5000) AS n
"""
