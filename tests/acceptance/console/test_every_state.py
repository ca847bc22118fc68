"""Every state of the operator's page: nothing that keeps anybody from using it (axe-core), light and dark."""

import pytest
from playwright.async_api import Browser

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import OPERATOR, chromium, context_of
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.walk import Walk
from tests.acceptance.copy import Copy
from tests.acceptance.floor.command import command


@pytest.fixture
async def known(citizen: Citizen, console_copy: Copy) -> Citizen:
    """A citizen who has booked before."""
    slots = await command(console_copy, "slots", "--service", "collection", "--venue", "koseki")
    slot = slots["slots"][40]["id"]
    person = ("--name", citizen.name, "--kana", citizen.kana, "--phone", citizen.number)
    await command(console_copy, "reserve", slot, *person)
    return citizen


async def test_nothing_on_any_state_of_the_page_keeps_anybody_out(known: Citizen, console_copy: Copy) -> None:
    async with chromium() as browser:
        walk = await _through(browser, console_copy, known)
    assert {} == walk.found


async def _through(browser: Browser, copy: Copy, citizen: Citizen) -> Walk:
    seat = await Seat.take(await context_of(browser), copy, OPERATOR)
    walk = Walk(seat, also_dark=frozenset({"talking"}))
    await seat.page.get_by_label("利用者名").wait_for()
    await walk.look("sign-in")
    await seat.sign_in()
    await seat.be_ready()
    await seat.shows("week-table td button")
    await walk.look("ready")
    call = await citizen.call()
    await seat.shows_text("call-column .ringing", citizen.written)
    await seat.shows_text("citizen-column", citizen.name)
    await walk.look("ringing")
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    await walk.look("talking")
    await seat.press("t")
    await seat.shows("transfer-place button")
    await walk.look("transfer")
    await seat.press("Escape")
    await seat.hides("transfer-place button")
    await seat.press("b")
    await seat.focus_is_on("week-table td button.next")
    await seat.press("Enter")
    await seat.page.locator(".venues button, booking-form").first.wait_for()
    if await seat.page.locator(".venues button").count():
        await walk.look("venues")
        await seat.press("Enter")
    await seat.shows("booking-form")
    await walk.look("booking")
    await seat.press("Enter")
    await seat.shows_text("booking-form", "予約がすでにあります")
    await walk.look("duplicate")
    await seat.press("Enter")
    await seat.shows("read-back")
    await walk.look("read-back")
    call.hang_up()
    await seat.shows_text("call-column", "後処理")
    await walk.look("after-call")
    await seat.page.get_by_role("button", name="後処理を終える").click()
    await seat.shows_text("#state", "待機中")
    await seat.leave()
    assert [] == seat.complaints
    return walk
