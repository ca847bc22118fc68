"""The event stream on the real Asterisk: what is set after every connect, and what happens when it breaks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from telephony.asterisk.client import Ari
from telephony.asterisk.decode import ECHO, EVENTS
from telephony.asterisk.errors import LoginRefused, NotFound, Replaced
from telephony.asterisk.feed import HEARTBEAT_S, LEGS_AT_ONCE, Connected, Feed, Lost, Received
from telephony.asterisk.manager import Manager
from telephony.model import commands as do
from telephony.model.events import CallArrived, CallerLeft, PlaybackEnded
from telephony.model.ids import LegId, PlaybackId, SoundId
from tests.asterisk_fixture import RunningAsterisk
from tests.integration.asterisk.listener import LIMIT_S, Controller
from tests.integration.asterisk.proxy import Relay
from tests.integration.asterisk.sipp import SippRoom, ack, await_bye, expect, invite, provisional

STAYS = (invite(), provisional(), expect(200), ack(), await_bye())


@pytest.fixture
async def relay(asterisk: RunningAsterisk) -> AsyncIterator[Relay]:
    async with Relay(asterisk.ari_port) as running:
        yield running


@pytest.fixture
async def relayed(asterisk: RunningAsterisk, relay: Relay, manager: Manager) -> AsyncIterator[Controller]:
    """A controller whose ARI connections go through the relay."""
    url = f"http://127.0.0.1:{relay.listens_at}/ari"
    async with (
        Ari(url, asterisk.user, asterisk.ari_password, timeout_s=0.5) as ari,
        Controller(ari, manager) as running,
    ):
        yield running


async def _first(feed: Feed, kind: type[Any]) -> Any:
    async with asyncio.timeout(LIMIT_S), aclosing(feed.listen()) as items:
        async for item in items:
            if isinstance(item, kind):
                return item
    raise AssertionError("The stream ended.")


async def test_only_events_that_we_understand_are_let_through(controller: Controller) -> None:
    application = await controller.ari.get_application()
    assert set(application.allowed) == set(EVENTS)
    assert application.channels == ()


async def test_a_whole_call_makes_few_messages(ari: Ari, sipp: SippRoom) -> None:
    """Unfiltered it would be about fifty."""
    types: list[str] = []
    async with asyncio.timeout(LIMIT_S), aclosing(Feed(ari, tuple).listen()) as items:
        async for item in items:
            match item:
                case Connected():
                    await sipp.call(*STAYS)
                case Received(message):
                    types.append(message["type"])
                    leg = LegId(message.get("channel", {}).get("id", ""))
                    await _next_step(ari, types, leg)
            if types[-1:] == ["ChannelDestroyed"]:
                break
    assert types == ["StasisStart", "PlaybackFinished", "ChannelDestroyed"]


async def _next_step(ari: Ari, types: list[str], leg: LegId) -> None:
    if types[-1] == "StasisStart":
        await ari.subscribe(leg)
        await ari.answer(leg)
        await ari.play(leg, PlaybackId("p-few"), ["sound:/madoguchi/sounds/short"])
    elif types[-1] == "PlaybackFinished":
        (channel,) = await ari.channels()
        await ari.hang_up(channel.id, 16)


async def test_after_a_lost_connection_filter_and_subscriptions_are_set_again(
    relayed: Controller, relay: Relay, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = await relayed.arrived()
    await relayed.control.carry_out(do.Answer(call))

    relay.cut()
    await relayed.links.next(Lost)
    assert (await relayed.links.next(Connected)).gone == ()
    application = await relayed.ari.get_application()
    assert (set(application.allowed), application.channels) == (set(EVENTS), (LegId(call),))

    await relayed.control.carry_out(do.Play(call, PlaybackId("p-again"), (SoundId("short"),)))
    assert (await relayed.events.next(PlaybackEnded)).heard
    await relayed.control.carry_out(do.HangUp(call))
    assert (await relayed.events.next(CallerLeft)).call == call


async def test_a_caller_who_left_during_the_gap_is_reported_with_the_connect(
    relayed: Controller, relay: Relay, sipp: SippRoom, asterisk: RunningAsterisk
) -> None:
    caller = await sipp.call(*STAYS)
    call = await relayed.arrived()
    await relayed.control.carry_out(do.Answer(call))

    relay.block()
    asterisk.cli("channel request hangup all")
    await caller.finish()
    relay.cut()
    relay.unblock()
    await relayed.links.next(Lost)
    assert (await relayed.links.next(Connected)).gone == (LegId(call),)


async def test_legs_that_are_gone_do_not_keep_the_others_from_being_subscribed(
    ari: Ari, controller: Controller, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = LegId((await controller.events.next(CallArrived)).call)
    gone = tuple(LegId(f"gone-{number}") for number in range(2 * LEGS_AT_ONCE))
    followed = (*gone[:50], call, *gone[50:])

    async with asyncio.timeout(LIMIT_S), aclosing(Feed(ari, lambda: followed).listen()) as items:
        connected = await anext(items)
        assert isinstance(connected, Connected)
        assert set(connected.gone) == set(gone)
        await ari.hang_up(call, 16)
        ended = await anext(items)  # comes only for a leg that was subscribed
    assert isinstance(ended, Received)
    assert ended.message["type"] == "ChannelDestroyed"


async def test_asterisk_sends_the_echo_that_we_ask_for_through_our_own_filter(ari: Ari) -> None:
    """Without it every quiet connection would be taken for one to which nobody reports."""
    async with asyncio.timeout(LIMIT_S), await ari.open_events(HEARTBEAT_S) as socket:
        await ari.allow_events(EVENTS)
        await ari.echo()
        message = await socket.receive_json()
    assert (message["type"], message["eventname"]) == (ECHO, "echo")


async def test_nobody_echoes_for_an_application_that_is_not_there(ari: Ari) -> None:
    with pytest.raises(NotFound):
        await ari.echo()


async def test_a_peer_that_does_not_answer_pings_is_lost(relayed: Controller, relay: Relay) -> None:
    relay.block()
    await relayed.links.next(Lost)
    relay.cut()
    relay.unblock()
    await relayed.links.next(Connected)


async def test_a_frozen_asterisk_is_lost_and_found_again(
    controller: Controller, asterisk: RunningAsterisk
) -> None:
    asterisk.pause()
    try:
        await controller.links.next(Lost)
    finally:
        asterisk.resume()
    await controller.links.next(Connected)


async def test_an_asterisk_that_died_is_found_again_and_its_startup_time_tells(
    controller: Controller, asterisk: RunningAsterisk
) -> None:
    before = await controller.ari.info()
    await asyncio.to_thread(asterisk.restart)

    await controller.links.next(Lost)
    await controller.links.next(Connected)
    assert (await controller.ari.info()).startup_time > before.startup_time
    assert before.version.startswith("22.")


async def test_the_one_who_is_replaced_ends_and_does_not_come_back(
    controller: Controller, asterisk: RunningAsterisk, sipp: SippRoom
) -> None:
    successor = Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password)
    async with successor, aclosing(Feed(successor, tuple).listen()) as items:
        assert isinstance(await anext(items), Connected)
        await controller.links.next(Replaced)

        await sipp.call(*STAYS)
        item = await anext(items)
        assert isinstance(item, Received)
        assert item.message["type"] == "StasisStart"
        await successor.hang_up(LegId(item.message["channel"]["id"]), 16)
    assert not [event for event in controller.events.items if isinstance(event, CallArrived)]


async def test_a_wrong_password_ends_with_an_error(asterisk: RunningAsterisk) -> None:
    async with Ari(asterisk.ari_url, asterisk.user, "wrong") as ari:
        with pytest.raises(LoginRefused):
            await _first(Feed(ari, tuple), Connected)
