"""The controller is killed in mid-call: the talk goes on, the page says so, and nothing typed is lost."""

import asyncpg
from playwright.async_api import expect

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import OPERATOR
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.test_a_booking import stored
from tests.acceptance.copy import Copy
from tests.acceptance.test_survival import back, kill

NOTE = "通知書をなくされた。再発行の手順をお伝えした。"
BACK_MS = 60_000
NOT_REACHED = "サーバーに届きません"
"""What a key says that needs the server. It is over when the connection is back."""


async def test_talk_and_typing_go_on_when_the_controller_dies(
    seat: Seat, citizen: Citizen, console_copy: Copy, database: asyncpg.Connection
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows_text(".ringing", citizen.written)
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    pid = kill(console_copy, "controller")
    await seat.shows_text("operator-page", "サーバーとの接続が切れています")
    await seat.press("b")
    await seat.shows_text("operator-page", NOT_REACHED)
    await seat.press("n")
    await seat.type(NOTE)
    before = await seat.counters()
    assert await citizen.hears_somebody(call)
    assert (await seat.counters())["heard"] > before["heard"]

    await back(console_copy, "controller", pid)
    await expect(seat.page.locator(".strip.trouble")).to_have_count(0, timeout=BACK_MS)
    await seat.shows_text("call-column .talking", citizen.written)
    assert NOTE == await seat.page.locator("#notes").input_value()
    assert await citizen.hears_somebody(call)
    await seat.press("Escape", "Shift+E")
    await call.over.wait()
    await seat.shows_text("call-column", "後処理")
    await seat.press("Enter")
    await seat.shows_text("#state", "待機中")
    await seat.leave()
    ended = (
        "SELECT * FROM calls WHERE caller LIKE '%' || $1 AND acw_s IS NOT NULL AND disposition IS NOT NULL"
    )
    record = await stored(database, ended, citizen.number[1:])
    assert ("answered", OPERATOR, True) == (record["outcome"], record["agent"], record["recovered"])
