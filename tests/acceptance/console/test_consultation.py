"""An operator at the page consults a supervisor in private: who hears whom, measured at all three phones."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from madoguchi.demo.phones import Account, Phone
from madoguchi.demo.running import sip_address, supervisor_of
from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import OPERATOR
from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import Copy
from tests.acceptance.floor.ears import ABOVE_MUSIC, hears
from tests.acceptance.floor.office import Office
from tests.acceptance.floor.shift import within
from tests.acceptance.listening.browser import PageEar, browser_with
from tests.acceptance.listening.ears import LIMIT_S, AtLeg, Ear, until_right

UNTOUCHED = hears(operator="caller", caller="operator")
IN_PRIVATE = hears(operator="supervisor", supervisor="operator")
TOGETHER = hears(operator="caller supervisor", caller="operator supervisor", supervisor="operator caller")


@pytest.fixture
async def seat(console_copy: Copy, tmp_path: Path) -> AsyncIterator[Seat]:
    """An operator whose microphone carries a tone."""
    async with browser_with(ABOVE_MUSIC["operator"], tmp_path) as context:
        seat = await Seat.take(context, console_copy, OPERATOR)
        yield seat
        assert [] == seat.complaints


@pytest.fixture
async def phone(console_copy: Copy) -> AsyncIterator[Phone]:
    """The supervisor's telephone."""
    name = supervisor_of(console_copy.running)["user"]
    account = next(each for each in console_copy.running["agents"] if each["name"] == name)
    phone = Phone(Account(account["extension"], account["sip_password"]), sip_address(console_copy.running))
    await phone.register()
    async with Office(console_copy) as office:
        await office.knows_phone(name)
    yield phone
    await phone.unregister()
    phone.close()


async def test_a_consultation_is_heard_by_nobody_else_until_all_three_talk(
    seat: Seat, phone: Phone, citizen: Citizen
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    call.say(ABOVE_MUSIC["caller"])
    await seat.shows_text("call-column .ringing", citizen.written)
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    ears: dict[str, Ear] = {"operator": PageEar(seat.page), "caller": AtLeg(call)}
    await until_right(ears, UNTOUCHED, ABOVE_MUSIC)

    await seat.press("t")
    await seat.page.locator("transfer-place .choice", has_text="業務責任者").click()
    await seat.shows_text("transfer-place", "呼び出しています")
    async with asyncio.timeout(LIMIT_S):
        ring = await phone.next_ring()
    ring.answer()
    ring.say(ABOVE_MUSIC["supervisor"])
    await seat.shows_text("transfer-place", "相談中です")
    ears["supervisor"] = AtLeg(ring)
    await until_right(ears, IN_PRIVATE, ABOVE_MUSIC)
    assert await citizen.hears_somebody(call), "music"

    await seat.press("j")
    await seat.shows_text("transfer-place", "通話に加わっています")
    await until_right(ears, TOGETHER, ABOVE_MUSIC)
    await seat.press("j")
    await until_right(ears, IN_PRIVATE, ABOVE_MUSIC)
    await seat.press("l")
    await within(ring.over)
    del ears["supervisor"]
    await until_right(ears, UNTOUCHED, ABOVE_MUSIC)
    call.hang_up()
    await seat.shows_text("call-column", "後処理")
    await seat.page.get_by_role("button", name="後処理を終える").click()
    await seat.shows_text("#state", "待機中")
    await seat.leave()
