"""Operators come, go and change their passwords while calls go on; nothing is restarted."""

from collections.abc import AsyncIterator, Callable

import pytest

import dialplan
from config.schema import Agent
from dialplan import Secrets
from madoguchi.demo.phones import Answer, Call, Carrier, Phone, RegistrationError, Ring
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import DIALLED, EXTENSIONS, RunningAsterisk
from tests.integration.dialplan.conftest import full_soon
from tests.integration.dialplan.driver import Driver
from tests.integration.dialplan.test_unattended import hears

CALLER_HZ, OPERATOR_HZ = 1_000, 600
PHONES = "pjsip_agents.conf"


class Roster:
    """The roster of a running Asterisk, extension to password, changed as the controller does it."""

    def __init__(self, asterisk: RunningAsterisk, ari: Ari) -> None:
        self._asterisk = asterisk
        self._ari = ari
        self.passwords = dict.fromkeys(EXTENSIONS, asterisk.phone_password)

    async def publish(self) -> frozenset[str]:
        """Write it, let Asterisk read it, and return the changed files."""
        running = self._asterisk
        etc = running.layout.asterisk_etc.stat()
        hidden = Secrets(ari_password=running.ari_password, ami_password=running.ami_password)
        agents = [
            Agent(
                name=f"op{extension}", title="", extension=extension, level="standard", sip_password=password
            )
            for extension, password in self.passwords.items()
        ]
        changed = dialplan.write(full_soon(), agents, running.settings, hidden, (etc.st_uid, etc.st_gid))
        await self._ari.reload_module("res_pjsip.so")
        return changed


@pytest.fixture
async def roster(asterisk: RunningAsterisk, ari: Ari) -> AsyncIterator[Roster]:
    yield Roster(asterisk, ari)
    await Roster(asterisk, ari).publish()


async def conversation(driver: Driver, carrier: Carrier, desk: Phone) -> tuple[Call, Ring]:
    """Return a caller and the operator at *desk* who hear each other."""
    desk.behave = lambda _: Answer()
    await desk.register()
    call = carrier.call(DIALLED, caller="09012345678")
    await driver.offer(await driver.arrived(), f"{desk.extension}*10*1*n")
    ring = await desk.next_ring()
    await ring.answered.wait()
    call.say(CALLER_HZ)
    ring.say(OPERATOR_HZ)
    await hear_each_other(call, ring)
    return call, ring


async def hear_each_other(call: Call, ring: Ring) -> None:
    await hears(call, OPERATOR_HZ)
    await hears(ring, CALLER_HZ)


async def test_a_new_operators_phone_registers_and_rings_while_others_talk(
    ari: Ari, roster: Roster, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    async with Driver(ari) as driver:
        call, ring = await conversation(driver, carrier, phone("201"))
        roster.passwords["205"] = "a new password"
        assert await roster.publish() == {PHONES}
        _, other = await conversation(driver, carrier, phone("205", "a new password"))
        await hear_each_other(call, ring)
        ring.hang_up()
        other.hang_up()


async def test_an_operator_who_was_removed_finishes_the_call_and_cannot_register_any_more(
    ari: Ari, roster: Roster, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    async with Driver(ari) as driver:
        desk = phone("202")
        call, ring = await conversation(driver, carrier, desk)
        del roster.passwords["202"]
        assert await roster.publish() == {PHONES}
        await hear_each_other(call, ring)
        with pytest.raises(RegistrationError, match="401"):
            await desk.register()
        call.leave()
        await ring.over.wait()


async def test_a_removed_operators_phone_is_not_rung_although_it_was_registered(
    ari: Ari, roster: Roster, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("203")
    await desk.register()
    del roster.passwords["203"]
    await roster.publish()
    async with Driver(ari) as driver:
        call = carrier.call(DIALLED, caller="09012345678")
        await driver.offer(await driver.arrived(), "203*5*7*n")
        assert (await driver.entered())[0] == ["after", "7", "CHANUNAVAIL"]
        call.leave()
        await call.over.wait()
    assert not desk.rings


async def test_a_changed_password_locks_the_old_one_out_at_once(
    roster: Roster, phone: Callable[..., Phone]
) -> None:
    await phone("204").register()
    roster.passwords["204"] = "another password"
    assert await roster.publish() == {PHONES}
    with pytest.raises(RegistrationError, match="401"):
        await phone("204").register()
    await phone("204", "another password").register()


async def test_the_same_roster_again_changes_nothing(roster: Roster) -> None:
    assert await roster.publish() == frozenset()
