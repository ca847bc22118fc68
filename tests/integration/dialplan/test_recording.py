"""The recording of a call: one file, both voices, only what was said between caller and operator."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from madoguchi.demo.phones import Answer, Call, Carrier, Phone
from madoguchi.demo.phones.tones import loudness, read_wav, share_of_tone
from telephony.asterisk.client import Ari
from telephony.asterisk.control import WITHDRAWN_CAUSE
from telephony.asterisk.manager import Manager
from telephony.model import commands as do
from telephony.model.ids import CallId, LegId
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.asterisk.listener import Controller
from tests.integration.dialplan.conftest import MUSIC_HZ
from tests.integration.dialplan.driver import Driver, until

CALLER_HZ, OPERATOR_HZ = 1_000, 600
VOICES = (600, 800)
SAID_S = 1.0


@pytest.fixture
async def driver(ari: Ari) -> AsyncIterator[Driver]:
    async with Driver(ari) as running:
        yield running


async def waiting(driver: Driver, carrier: Carrier) -> tuple[Call, LegId]:
    """Return an answered call that hears music, and its id."""
    call = carrier.call(DIALLED, caller="09012345678")
    leg = await driver.arrived()
    await driver.ari.answer(leg)
    await driver.ari.start_music(leg)
    await call.answered.wait()
    call.say(CALLER_HZ)
    return call, leg


def file_of(asterisk: RunningAsterisk, call: str) -> Path:
    today = datetime.now(ZoneInfo("Asia/Tokyo"))
    return asterisk.layout.recordings / f"{today:%Y/%m/%d}" / f"{call}.wav"


def is_closed(file: Path) -> bool:
    """Whether Asterisk has written the sizes into the header, which it does at the end."""
    return file.exists() and int.from_bytes(file.read_bytes()[4:8], "little") == file.stat().st_size - 8


async def closed(file: Path) -> Path:
    """Wait until nobody writes *file* any more."""
    await until(lambda: is_closed(file))
    return file


async def test_a_recording_has_both_voices_and_only_the_conversation(
    asterisk: RunningAsterisk, driver: Driver, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    absent, present = phone("201"), phone("202")
    present.behave = lambda _: Answer()
    await absent.register()
    await present.register()
    call, name = await waiting(driver, carrier)
    await driver.offer(name, "201*1*1*r")
    assert (await driver.entered())[0] == ["after", "1", "NOANSWER"]
    await driver.offer(name, "202*10*2*r")
    ring = await present.next_ring()
    await ring.answered.wait()
    ring.say(OPERATOR_HZ)
    await asyncio.sleep(SAID_S)  # the length of what is said
    ring.hang_up()
    await call.over.wait()
    sound, rate = read_wav(await closed(file_of(asterisk, name)))
    assert SAID_S - 0.3 < len(sound) / rate < SAID_S + 0.5
    for hertz in (CALLER_HZ, OPERATOR_HZ):
        assert share_of_tone(sound, hertz, rate=rate) > 0.3
    assert share_of_tone(sound, MUSIC_HZ, rate=rate) < 0.01


async def withdraw(driver: Driver, call: LegId) -> None:
    """Take the operator's leg away as the controller does, in the middle of the conversation."""
    legs = await driver.ari.channels()
    (operator,) = (leg.id for leg in legs if leg.variables.get("MADOGUCHI_CALL") == call and leg.id != call)
    await driver.ari.hang_up(operator, WITHDRAWN_CAUSE)


async def test_two_conversations_of_one_call_are_one_recording(
    asterisk: RunningAsterisk, driver: Driver, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Answer()
    await desk.register()
    call, name = await waiting(driver, carrier)
    for offer, hertz in enumerate(VOICES, start=1):
        await driver.offer(name, f"201*10*{offer}*r")
        ring = await desk.next_ring()
        await ring.answered.wait()
        ring.say(hertz)
        await asyncio.sleep(SAID_S)
        await withdraw(driver, name)
        assert (await driver.entered())[0] == ["after", str(offer), "ANSWER"]
    call.leave()
    sound, rate = read_wav(await closed(file_of(asterisk, name)))
    assert 2 * (SAID_S - 0.3) < len(sound) / rate < 2 * (SAID_S + 0.5)
    for half, hertz in zip(np.array_split(sound, 2), VOICES, strict=True):
        assert share_of_tone(half, hertz, rate=rate) > 0.3
        assert share_of_tone(half, CALLER_HZ, rate=rate) > 0.3


async def test_an_offer_that_nobody_answers_leaves_no_file(
    asterisk: RunningAsterisk, driver: Driver, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    await phone("201").register()
    call, name = await waiting(driver, carrier)
    await driver.offer(name, "201*1*1*r")
    assert (await driver.entered())[0] == ["after", "1", "NOANSWER"]
    call.leave()
    await call.over.wait()
    assert not file_of(asterisk, name).exists()


async def test_without_the_order_to_record_there_is_no_file(
    asterisk: RunningAsterisk, driver: Driver, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Answer(talk_s=0.1)
    await desk.register()
    call, name = await waiting(driver, carrier)
    await driver.offer(name, "201*10*1*n")
    await call.over.wait()
    await call.over.wait()
    assert not file_of(asterisk, name).exists()


async def test_a_controller_that_has_just_started_can_keep_words_out_of_the_recording(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Answer()
    await desk.register()
    async with Driver(ari) as driver:
        call, name = await waiting(driver, carrier)
        await driver.offer(name, "201*10*1*r")
        ring = await desk.next_ring()
        await ring.answered.wait()
    await asyncio.sleep(SAID_S)
    manager = Manager(("127.0.0.1", asterisk.ami_port), asterisk.user, asterisk.ami_password)
    async with Controller(ari, manager) as controller:
        await controller.control.carry_out(do.PauseRecording(CallId(name)))
        await asyncio.sleep(SAID_S)
        call.leave()
        await ring.over.wait()
    sound, _ = read_wav(await closed(file_of(asterisk, name)))
    first, last = np.array_split(sound, 5)[0], np.array_split(sound, 5)[-1]
    assert loudness(first) > 0.1
    assert loudness(last) == 0
