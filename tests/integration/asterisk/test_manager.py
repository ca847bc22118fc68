"""AMI on the real Asterisk: phones' states, and each known fault of panoramisk shown not to be ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress

import aiohttp
import pytest

from telephony.asterisk.errors import LoginRefused, Unavailable
from telephony.asterisk.manager import Limits, Manager, ManagerConnected, ManagerEvent, ManagerLost
from telephony.asterisk.manager_link import Link
from telephony.asterisk.phones import Phones
from telephony.model.events import PhoneChanged
from telephony.model.ids import AgentName, CallId
from tests.asterisk_fixture import RunningAsterisk
from tests.integration.asterisk.listener import LIMIT_S, Inbox
from tests.integration.asterisk.proxy import Relay
from tests.integration.asterisk.sipp import SippRoom, await_bye, await_invite, pause, pick_up, ring

SATO = AgentName("sato")


@pytest.fixture
async def relay(asterisk: RunningAsterisk) -> AsyncIterator[Relay]:
    async with Relay(asterisk.ami_port) as running:
        yield running


@pytest.fixture
def relayed(asterisk: RunningAsterisk, relay: Relay) -> Manager:
    address = ("127.0.0.1", relay.listens_at)
    limits = Limits(answer_s=0.5, ping_s=0.5)
    return Manager(address, asterisk.user, asterisk.ami_password, limits=limits)


async def call_phone(asterisk: RunningAsterisk, endpoint: str) -> None:
    """Ring a phone with something that is no call of ours."""
    where = {"endpoint": f"PJSIP/{endpoint}", "context": "from-operators", "extension": "1"}
    signed = {"Authorization": aiohttp.encode_basic_auth(asterisk.user, asterisk.ari_password)}
    async with aiohttp.ClientSession(headers=signed) as session:
        (await session.post(f"{asterisk.ari_url}/channels", params=where)).raise_for_status()


class Listening:
    """Runs a manager and keeps what it says."""

    def __init__(self, manager: Manager) -> None:
        self.inbox = Inbox()
        self._manager = manager

    async def __aenter__(self) -> Inbox:
        self._task = asyncio.create_task(self._run())
        return self.inbox

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with aclosing(self._manager.listen()) as items:
            async for item in items:
                self.inbox.put(item)


async def _device(inbox: Inbox, phones: Phones, wanted: PhoneChanged) -> None:
    """Wait until the events have told *wanted*."""
    told: list[PhoneChanged | None] = []
    while wanted not in told:
        event = await inbox.next(ManagerEvent, lambda item: item.fields["Event"] == "DeviceStateChange")
        told.append(phones.device_changed(event.fields["Device"], event.fields["State"]))


async def _pings(relay: Relay, count: int) -> None:
    """Wait until Asterisk was pinged so often, so that anything sent before has gone through too."""
    async with asyncio.timeout(LIMIT_S):
        await relay.until_sent(b"Action: Ping", count)


async def test_a_phone_registers_and_unregisters(manager: Manager, sipp: SippRoom) -> None:
    phones = Phones({"202": SATO}, lambda _: False)
    async with Listening(manager) as inbox:
        connected = await inbox.next(ManagerConnected)
        assert connected.devices["PJSIP/202@desk"] == "UNAVAILABLE"
        assert list(phones.snapshot(connected.devices)) == []

        phone = await sipp.phone("202", await_invite())
        await _device(inbox, phones, PhoneChanged(SATO, registered=True))
        await phone.stop()
        await sipp.register("202", sipp.registered["202"], expires=0)
        await _device(inbox, phones, PhoneChanged(SATO, registered=False))


async def test_a_phone_that_registered_before_the_connect_is_in_the_snapshot(
    manager: Manager, sipp: SippRoom
) -> None:
    phones = Phones({"202": SATO}, lambda _: False)
    async with Listening(manager) as inbox:
        await inbox.next(ManagerConnected)
        await sipp.phone("202", await_invite())
        await _device(inbox, phones, PhoneChanged(SATO, registered=True))

    later = Phones({"202": SATO}, lambda _: False)
    async with Listening(manager) as inbox:
        connected = await inbox.next(ManagerConnected)
        assert list(later.snapshot(connected.devices)) == [PhoneChanged(SATO, registered=True)]


async def test_a_phone_with_a_call_that_is_not_ours_is_in_use(
    manager: Manager, sipp: SippRoom, asterisk: RunningAsterisk
) -> None:
    phones = Phones({"202": SATO}, lambda _: False)
    async with Listening(manager) as inbox:
        await inbox.next(ManagerConnected)
        await sipp.phone("202", await_invite(), ring(), pause(300), pick_up(), await_bye())
        await _device(inbox, phones, PhoneChanged(SATO, registered=True))
        await call_phone(asterisk, "202@desk")
        await _device(inbox, phones, PhoneChanged(SATO, registered=True, in_use=True))
        await _device(inbox, phones, PhoneChanged(SATO, registered=True, in_use=False))


async def test_a_wrong_password_ends_with_an_error_and_is_not_tried_again(
    asterisk: RunningAsterisk, relay: Relay
) -> None:
    manager = Manager(("127.0.0.1", relay.listens_at), asterisk.user, "wrong")
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(LoginRefused):
            await anext(manager.listen())
    assert relay.connections == 1


async def test_a_write_without_a_connection_fails_and_is_never_sent_later(
    relayed: Manager, relay: Relay
) -> None:
    """Panoramisk alone would keep it and send it after the reconnect."""
    with pytest.raises(Unavailable):
        await relayed.mute_recording(CallId("before"), muted=True)
    async with Listening(relayed) as inbox:
        await inbox.next(ManagerConnected)
        relay.block()
        with pytest.raises(Unavailable):
            await relayed.mute_recording(CallId("blocked"), muted=True)
        relay.cut()
        await inbox.next(ManagerLost)
        with pytest.raises(Unavailable):
            await relayed.mute_recording(CallId("between"), muted=True)
        relay.unblock()
        await inbox.next(ManagerConnected)
        await _pings(relay, 1)
    assert b"MixMonitorMute" not in relay.sent


async def test_an_asterisk_that_does_not_answer_pings_is_lost_and_found(
    relayed: Manager, relay: Relay
) -> None:
    async with Listening(relayed) as inbox:
        await inbox.next(ManagerConnected)
        relay.block()
        await inbox.next(ManagerLost)
        relay.cut()
        relay.unblock()
        await inbox.next(ManagerConnected)


async def test_a_quiet_connection_that_answers_pings_stays(relayed: Manager, relay: Relay) -> None:
    async with Listening(relayed) as inbox:
        await inbox.next(ManagerConnected)
        await _pings(relay, 2)
        assert relay.connections == 1


async def test_closing_does_not_connect_again(relayed: Manager, relay: Relay) -> None:
    """Panoramisk alone schedules a new connection after 2 s when a close meets a lost connection."""
    async with Listening(relayed) as inbox:
        await inbox.next(ManagerConnected)
        relay.cut()
        await inbox.next(ManagerLost)
        await inbox.next(ManagerConnected)
    made = relay.connections
    await asyncio.sleep(2.2)
    assert relay.connections == made


async def test_an_asterisk_that_died_is_found_again(manager: Manager, asterisk: RunningAsterisk) -> None:
    async with Listening(manager) as inbox:
        await inbox.next(ManagerConnected)
        await asyncio.to_thread(asterisk.restart)
        await inbox.next(ManagerLost)
        assert "PJSIP/201" in (await inbox.next(ManagerConnected)).devices


async def test_while_asterisk_boots_a_link_opens_only_when_every_action_is_known(
    asterisk: RunningAsterisk,
) -> None:
    """Without waiting for ``FullyBooted``, most connections made during a boot know no DeviceStateList."""
    address = ("127.0.0.1", asterisk.ami_port)
    restart = asyncio.create_task(asyncio.to_thread(asterisk.restart))
    opened = 0
    while not (restart.done() and opened):
        link = Link(address, asterisk.user, asterisk.ami_password, limit_s=2)
        with suppress(Unavailable):
            await link.open()
            assert await link.ask("DeviceStateList")
            opened += 1
        link.close()
        await asyncio.sleep(0)
    await restart


async def test_a_line_break_in_a_field_is_refused_before_it_is_sent(relayed: Manager, relay: Relay) -> None:
    async with Listening(relayed) as inbox:
        await inbox.next(ManagerConnected)
        with pytest.raises(ValueError, match="second action"):
            await relayed.mute_recording(CallId("x\r\nAction: Originate"), muted=True)
    assert b"Originate" not in relay.sent
