"""The common case, with the keyboard alone: answer, book, read back, write down. And what is left of it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.seat import Seat, Stopwatch

MOST_KEYS = 12
"""From the ring to the end of after-call work, besides typing the name and its kana."""

STORED_LIMIT_S = 20
A_WHILE = timedelta(minutes=1)
"""Before the call the operator signed in."""


async def test_an_operator_books_with_twelve_keys_and_everything_is_written_down(
    seat: Seat,
    citizen: Citizen,
    database: asyncpg.Connection,
    record_property: Callable[[str, object], None],
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows_text(".ringing", citizen.written)

    since_pop = Stopwatch()
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    await seat.press("b")
    await seat.focus_is_on("week-table td button.next")
    await seat.press("Enter")
    await seat.page.locator(".venues button, booking-form").first.wait_for()
    if await seat.page.locator(".venues button").count():
        await seat.press("Enter")
    await seat.focus_is_on("booking-form #name")
    await seat.type(citizen.name)
    await seat.press("Tab")
    await seat.type(citizen.kana)
    assert citizen.written == await seat.page.locator("booking-form #phone").input_value()
    await seat.press("Enter")
    await seat.shows("read-back")
    booked_s, booked_keys = since_pop.seconds, seat.keys
    number = (await seat.page.locator("read-back .number").inner_text()).split()[-1].replace("-", "")

    counters = await seat.counters()
    for _ in range(await seat.page.locator("read-back input").count()):
        await seat.press("Space")
    await seat.shows_text("read-back", "すべて伝えました")
    assert await citizen.hears_somebody(call)
    heard = await seat.counters()
    assert heard["heard"] > counters["heard"]
    assert heard["energy"] > 0
    assert heard["sent"] > counters["sent"]

    call.hang_up()
    await seat.shows_text("call-column", "後処理")
    assert await seat.page.get_by_role("radio", name="予約", exact=True).is_checked()
    await seat.press("Enter")
    await seat.shows_text("#state", "待機中")
    keys = seat.keys
    await seat.leave()

    print(f"\nkeys: {booked_keys} to the booking, {keys} in all; {booked_s:.1f} s from pop to booking")  # noqa: T201
    record_property("keys", keys)
    assert keys <= MOST_KEYS
    await _is_written_down(database, number, citizen)


async def _is_written_down(database: asyncpg.Connection, number: str, citizen: Citizen) -> None:
    """Record, recording, reservation, outbox and audit trail, once the worker has carried them over."""
    booked = await database.fetchrow("SELECT * FROM reservations WHERE id = $1", number)
    assert booked is not None
    assert (citizen.name, citizen.kana, "booked") == (booked["name"], booked["kana"], booked["state"])
    ended = "SELECT * FROM calls WHERE id = $1 AND disposition IS NOT NULL AND acw_s IS NOT NULL"
    record = await stored(database, ended, booked["call"])
    assert ("answered", "caller", "予約") == (record["outcome"], record["ended_by"], record["disposition"])
    assert [number] == record["reservations"]
    await stored(database, "SELECT * FROM recordings WHERE call_id = $1", booked["call"])
    assert 1 == await database.fetchval(
        "SELECT count(*) FROM outbox WHERE key = $1", f"reservation:{number}:1"
    )
    for what in ("GET /api/phone", "POST /api/holds", "POST /api/reservations", "desk.disposition"):
        done = "SELECT * FROM audit WHERE who = 'sato-misaki' AND result = 'ok' AND what = $1 AND at > $2"
        await stored(database, done, what, record["started_at"] - A_WHILE)


async def stored(database: asyncpg.Connection, question: str, *values: object) -> asyncpg.Record:
    """Ask until there is a row."""
    async with asyncio.timeout(STORED_LIMIT_S):
        while (row := await database.fetchrow(question, *values)) is None:  # noqa: ASYNC110 - the worker tells nobody
            await asyncio.sleep(0.1)
    return row
