"""An operator's phone, browser or desk: whichever registered last rings, in the way that it understands."""

from collections.abc import AsyncIterator, Callable

import pytest

from madoguchi.demo.phones import Carrier, Phone, Reject
from madoguchi.demo.phones.sip import user_of
from telephony.asterisk.client import Ari
from telephony.model.ids import LegId
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.browser import Browser
from tests.integration.dialplan.driver import Driver, until

CALLER = "09012345678"


@pytest.fixture
async def driver(ari: Ari) -> AsyncIterator[Driver]:
    async with Driver(ari) as running:
        yield running


@pytest.fixture
async def caller(driver: Driver, carrier: Carrier) -> LegId:
    carrier.call(DIALLED, caller=CALLER, sound=False)
    return await driver.arrived()


async def returned(driver: Driver) -> str:
    """Return the DIALSTATUS with which the caller comes back."""
    return str((await driver.entered())[0][2])


async def test_a_desk_phone_is_offered_plain_sound(
    driver: Driver, caller: LegId, phone: Callable[..., Phone]
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Reject()
    await desk.register()
    await driver.offer(caller, "201*5*1*n")
    invite = (await desk.next_ring()).invite
    assert b"RTP/AVP 0 101" in invite.body
    assert b"fingerprint" not in invite.body
    assert user_of(invite.get("From")) == CALLER
    assert await returned(driver) == "BUSY"


async def test_a_browser_is_offered_encrypted_sound(
    driver: Driver, caller: LegId, asterisk: RunningAsterisk
) -> None:
    async with Browser(asterisk, "201") as browser:
        await driver.offer(caller, "201*5*1*n")
        body = (await browser.next_invite()).body
        assert b"UDP/TLS/RTP/SAVPF" in body
        for line in (b"a=fingerprint:SHA-256 ", b"a=ice-ufrag:", b"a=rtcp-mux", b"a=setup:actpass"):
            assert line in body
        assert await returned(driver) == "BUSY"


async def test_the_phone_that_registered_last_rings_and_the_other_stays_silent(
    driver: Driver, caller: LegId, asterisk: RunningAsterisk, phone: Callable[..., Phone]
) -> None:
    desk = phone("202")
    desk.behave = lambda _: Reject()
    await desk.register()
    async with Browser(asterisk, "202") as browser:
        await driver.offer(caller, "202*5*1*n")
        await browser.next_invite()
        assert await returned(driver) == "BUSY"
        assert not desk.rings
        await desk.register()
        await driver.offer(caller, "202*5*2*n")
        await desk.next_ring()
        assert await returned(driver) == "BUSY"
        assert browser.invites.empty()


async def test_a_browser_that_was_closed_is_not_rung_any_more(
    driver: Driver, caller: LegId, asterisk: RunningAsterisk
) -> None:
    async with Browser(asterisk, "203"):
        assert "Not in use" in asterisk.cli("pjsip show endpoint 203")
    await until(lambda: "Unavailable" in asterisk.cli("pjsip show endpoint 203"))
    await driver.offer(caller, "203*5*1*n")
    assert await returned(driver) == "CHANUNAVAIL"


async def test_a_withheld_number_is_not_shown_on_the_phone(
    driver: Driver, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("204")
    desk.behave = lambda _: Reject()
    await desk.register()
    asserted = (("P-Asserted-Identity", f"<sip:{CALLER}@carrier>"),)
    carrier.call(DIALLED, caller=None, more=asserted, sound=False)
    await driver.offer(await driver.arrived(), "204*5*1*n")
    assert CALLER.encode() not in (await desk.next_ring()).invite.encode()
    assert await returned(driver) == "BUSY"
