"""A supervisor on an operator's call: real telephones with a tone each, and exactly the right ears.

`SUPERVISION_ROUNDS` (2) says how often the whole round is played.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import stamina

from madoguchi.demo.phones import Call, Ring, tones
from madoguchi.demo.phones.leg import Leg
from tests.acceptance.copy import Copy
from tests.acceptance.floor.ears import ABOVE_MUSIC, TONES, UNHEARD, hears, until_heard
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_survival import back, kill

ROUNDS = int(os.environ.get("SUPERVISION_ROUNDS", "2"))
OPERATOR, CHIEF, KEY = "abe", "chief", "1"

HEARD = 0.1
"""The part of what is recorded that a tone has at least which is there."""

UNTOUCHED = hears(operator="caller", caller="operator")
LISTEN = hears(operator="caller", caller="operator", supervisor="operator caller")
WHISPER = hears(operator="caller supervisor", caller="operator", supervisor="operator caller")
BARGE = hears(operator="caller supervisor", caller="operator supervisor", supervisor="operator caller")
CONSULT = hears(operator="supervisor", caller="music", supervisor="operator")
TAKEOVER = hears(caller="supervisor", supervisor="caller")


@pytest.fixture
async def shift(shift: Shift) -> Shift:
    """An operator and a supervisor with their telephones."""
    await shift.seat(OPERATOR)
    await shift.plug_in(CHIEF)
    return shift


class Talk:
    """A caller and an operator who talk with their tones."""

    def __init__(self, shift: Shift, call: Call, ring: Ring, live: str, tones: Mapping[str, int]) -> None:
        self.shift, self.call, self.ring, self.id, self.tones = shift, call, ring, live, tones
        self.legs: dict[str, Leg] = {"operator": ring, "caller": call}

    async def want(self, mode: str) -> None:
        """Ask for a mode as the command line does."""
        await self.shift.office.post(f"/api/calls/{self.id}/supervision", {"mode": mode, "supervisor": CHIEF})

    async def consult(self) -> Ring:
        """Let the operator consult the supervisor, who picks up and speaks."""
        path = f"/api/calls/{self.id}/consultation"
        await self.shift.office.post(path, {"operator": CHIEF, "mode": "consult"})
        return await self.picked_up()

    async def picked_up(self) -> Ring:
        """Let the supervisor pick up, and speak."""
        async with asyncio.timeout(LIMIT_S):
            ring = await self.shift.phones[CHIEF].next_ring()
        ring.answer()
        ring.say(self.tones["supervisor"])
        self.legs["supervisor"] = ring
        return ring

    async def state(self, name: str) -> str:
        """Return what *name* is doing."""
        return str((await self.shift.office.get(f"/api/agents/{name}"))["state"])

    async def recorded(self, folder: Path) -> Path:
        """Return the recording, once it is finished and measured."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.3
        ):
            with attempt:
                recording = (await self.record())["recording"]
                assert recording is not None
                assert recording["seconds"] is not None
        return folder / recording["file"]

    async def record(self) -> dict[str, Any]:
        """Return the call's record with its timeline, once it is written."""
        await self.shift.office.records(self.call.call_id)
        return dict(await self.shift.office.get(f"/api/calls/{self.id}"))


async def talking(shift: Shift, tones: Mapping[str, int] = TONES) -> Talk:
    """Let a citizen and the operator talk."""
    call, ring = await shift.talk(OPERATOR, keys=KEY)
    call.say(tones["caller"])
    ring.say(tones["operator"])
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
    ):
        with attempt:
            live = [each for each in await shift.office.live() if each["state"] == "talking"]
            assert 1 == len(live)
    return Talk(shift, call, ring, live[0]["id"], tones)


async def test_exactly_the_right_ears_in_every_mode_every_time(shift: Shift) -> None:
    for number in range(ROUNDS):
        await shift.office.free(OPERATOR)
        talk = await talking(shift)
        await until_heard(talk.legs, UNTOUCHED)
        await talk.want("listen")
        chief = await talk.picked_up()
        for mode, ears in (
            ("listen", LISTEN),
            ("whisper", WHISPER),
            ("barge", BARGE),
            ("listen", LISTEN),
            ("barge", BARGE),
        ):
            await talk.want(mode)
            await until_heard(talk.legs, ears)
        assert 1 == len(shift.phones[CHIEF].rings) - number, "changing the mode rings no phone"
        if number % 2:
            chief.hang_up()
            await until_heard(talk.legs, UNTOUCHED)
            talk.call.leave()
        else:
            await talk.want("takeover")
            await until_heard(talk.legs, TAKEOVER)
            await within(talk.ring.over)
            chief.hang_up()
        await within(talk.call.over)
        await within(talk.ring.over)
        record = await talk.record()
        assert ("answered", OPERATOR if number % 2 else CHIEF) == (record["outcome"], record["agent"])
        assert ("caller" if number % 2 else "agent") == record["ended_by"]
        assert [OPERATOR] == [offer["agent"] for offer in record["offers"]]


async def test_a_controller_that_dies_leaves_the_ears_alone_and_the_next_one_goes_on(
    shift: Shift, floor_copy: Copy
) -> None:
    """Then by command line: the mode changes in place, and the supervisor leaves."""
    talk = await talking(shift)
    await talk.want("whisper")
    await talk.picked_up()
    await until_heard(talk.legs, WHISPER)
    pid = kill(floor_copy, "controller")
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await until_heard(talk.legs, WHISPER)
    await asyncio.to_thread(run, floor_copy, "barge", talk.id, "--as", CHIEF)
    await until_heard(talk.legs, BARGE)
    assert 1 == len(shift.phones[CHIEF].rings)
    await asyncio.to_thread(run, floor_copy, "leave", talk.id, "--as", CHIEF)
    await within(talk.legs["supervisor"].over)
    await until_heard(talk.legs, UNTOUCHED)
    talk.call.leave()
    await within(talk.ring.over)
    record = await talk.record()
    assert ("answered", "caller", OPERATOR) == (record["outcome"], record["ended_by"], record["agent"])
    assert 1 == len(await shift.office.written()), "the supervisor's leg is no call"


async def test_the_recording_goes_on_with_whoever_took_over(shift: Shift, floor_copy: Copy) -> None:
    talk = await talking(shift)
    await until_heard(talk.legs, UNTOUCHED)
    await talk.want("takeover")
    chief = await talk.picked_up()
    await until_heard(talk.legs, TAKEOVER)
    assert ("talking", "ready") == (await talk.state(CHIEF), await talk.state(OPERATOR))
    talk.call.leave()
    await within(chief.over)
    sound, rate = tones.read_wav(await talk.recorded(floor_copy.layout.recordings))
    first, last = sound[: rate // 2], sound[-rate // 2 :]
    for part, inside, outside in ((first, "operator", "supervisor"), (last, "supervisor", "operator")):
        assert tones.share_of_tone(part, TONES[inside], rate=rate) > HEARD
        assert tones.share_of_tone(part, TONES[outside], rate=rate) < UNHEARD


async def test_a_consultation_that_ends_without_a_controller_leaves_nobody_on_hold(
    shift: Shift, floor_copy: Copy
) -> None:
    """Asterisk lets the caller go by itself; the next controller sees to the recording, which was silent."""
    talk = await talking(shift, ABOVE_MUSIC)
    await until_heard(talk.legs, UNTOUCHED, ABOVE_MUSIC)
    chief = await talk.consult()
    await until_heard(talk.legs, CONSULT, ABOVE_MUSIC)
    pid = kill(floor_copy, "controller")
    chief.hang_up()
    await until_heard(talk.legs, UNTOUCHED, ABOVE_MUSIC)
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await until_heard(talk.legs, UNTOUCHED, ABOVE_MUSIC)  # and recorded meanwhile
    talk.call.leave()
    await within(talk.ring.over)
    record = await talk.record()
    assert ["call.held", "call.unheld"] == [e["kind"] for e in record["timeline"] if "held" in e["kind"]]
    sound, rate = tones.read_wav(await talk.recorded(floor_copy.layout.recordings))
    windows = [sound[at : at + rate // 4] for at in range(0, len(sound) - rate // 4, rate // 4)]
    heard = [tones.share_of_tone(each, ABOVE_MUSIC["operator"], rate=rate) > HEARD for each in windows]
    first, last = heard.index(True), len(heard) - heard[::-1].index(True)
    assert heard[first:last].count(False) > 1, "silent meanwhile"
    assert last > len(heard) - 4, "recorded again"
    assert all(tones.share_of_tone(each, ABOVE_MUSIC["supervisor"], rate=rate) < UNHEARD for each in windows)


async def test_a_consultation_ends_with_the_call(shift: Shift) -> None:
    for leaves in ("caller", "operator"):
        await shift.office.free(OPERATOR)
        talk = await talking(shift, ABOVE_MUSIC)
        chief = await talk.consult()
        await until_heard(talk.legs, CONSULT, ABOVE_MUSIC)
        if leaves == "caller":
            talk.call.leave()
        else:
            talk.ring.hang_up()
        for leg in (chief, talk.ring, talk.call):
            await within(leg.over)
        assert ("caller" if leaves == "caller" else "agent") == (await talk.record())["ended_by"]


async def test_it_ends_with_the_call_while_the_phone_rings_and_during_a_whisper(shift: Shift) -> None:
    ringing = await talking(shift)
    await ringing.want("listen")
    async with asyncio.timeout(LIMIT_S):
        ring = await shift.phones[CHIEF].next_ring()
    ringing.call.leave()
    await within(ring.over)
    await shift.office.free(OPERATOR)
    whispering = await talking(shift)
    await whispering.want("whisper")
    chief = await whispering.picked_up()
    await until_heard(whispering.legs, WHISPER)
    whispering.ring.hang_up()
    await within(chief.over)
    await within(whispering.call.over)
    ends = [(await each.record())["ended_by"] for each in (ringing, whispering)]
    assert ["caller", "agent"] == ends


def run(copy: Copy, *arguments: str) -> None:
    """Run the command line."""
    command = [sys.executable, "-m", "madoguchi", *arguments]
    subprocess.run(command, env=copy.environment, capture_output=True, text=True, check=True)
