"""What callers can do while nobody is free, on a running centre: wait, listen, or leave a message."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable

import pytest
import stamina

from madoguchi.demo.phones import Answer, Call, EndedBy, Ring, tones
from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import CROWDED
from tests.acceptance.floor.office import Json
from tests.acceptance.floor.shift import Shift, within

BEEP_HZ, CALLER_HZ, OPERATOR_HZ = 1_000, 1_400, 440
CLEAR = 0.5
"""A tone's share of what is heard while nothing else is said."""

LOUD = 0.01
QUIET = [tones.SILENCE]
"""What a telephone sends whose owner says nothing; Asterisk notices silence only in sound that arrives."""

HEARD_S = 15.0
KEY, MESSAGE, GUIDANCE = "3", "2", "3"


@pytest.fixture
async def shift(floor_copy: Copy) -> AsyncIterator[Shift]:
    async with Shift(floor_copy) as people:
        yield people


async def heard(call: Call, wanted: Callable[[tones.Samples], bool], limit_s: float = HEARD_S) -> None:
    """Listen until what is heard for a fifth of a second is as *wanted*."""
    assert call.sound is not None
    async with asyncio.timeout(limit_s):
        while not wanted(await call.sound.listen(0.2)):
            pass


def is_tone(hertz: float) -> Callable[[tones.Samples], bool]:
    return lambda sound: tones.share_of_tone(sound, hertz) > CLEAR


def is_loud(sound: tones.Samples) -> bool:
    return tones.loudness(sound) > LOUD


async def until_state(shift: Shift, caller: str, state: str) -> None:
    """Wait until the call of *caller* is in *state*."""
    await until_live(shift, caller, state=state)


async def until_live(shift: Shift, caller: str, **wanted: object) -> None:
    """Wait until the call of *caller* is as *wanted*; live calls are only shown to who asks."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=HEARD_S, wait_initial=0.05, wait_max=0.1
    ):
        with attempt:
            live = {each["caller_written"].replace("-", ""): each for each in await shift.office.live()}
            assert wanted.items() <= live.get(caller, {}).items()


async def waiting(shift: Shift, caller: str) -> Call:
    """Place a call that waits and hears what is offered."""
    call = shift.call(caller, keys=KEY)
    await until_state(shift, caller, "waiting")
    assert call.sound is not None
    sound = await call.sound.listen(1.0)
    assert tones.loudness(sound) > LOUD, "silence instead of the announcement"
    return call


async def speaks(shift: Shift, caller: str) -> Call:
    """Place a call that leaves the line for a message, and speaks after the beep."""
    call = await waiting(shift, caller)
    call.press(MESSAGE)
    await heard(call, is_tone(BEEP_HZ))
    call.say(CALLER_HZ)
    assert call.sound is not None
    await call.sound.listen(2.0)
    return call


async def case_of(shift: Shift, call_id: str) -> Json:
    """Return the one case of a call, once its recording was measured."""
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=20, wait_max=0.3):
        with attempt:
            found = (await shift.office.get("/api/cases", kind="message"))["cases"]
            (case,) = [each for each in found if each["call"] == call_id]
            assert case["recording"]["sha256"]
    return case


async def timeline(shift: Shift, record: Json) -> dict[str, list[Json]]:
    """Return the facts of an ended call by kind."""
    facts: dict[str, list[Json]] = {}
    for entry in (await shift.office.get(f"/api/calls/{record['id']}"))["timeline"]:
        facts.setdefault(entry["kind"], []).append(entry)
    return facts


async def test_a_message_is_recorded_heard_again_kept_and_becomes_a_case(
    shift: Shift, floor_copy: Copy
) -> None:
    call = await speaks(shift, "09011110001")
    assert call.sound is not None
    call.sound.play(QUIET)
    call.press("1")
    await heard(call, is_loud)
    call.press("2")
    await heard(call, is_tone(CALLER_HZ))
    call.press("1")
    await within(call.over)
    assert call.ended_by is EndedBy.THEM

    record = (await shift.office.records(call.call_id))[call.call_id]
    assert (record["outcome"], record["ended_by"]) == ("message_left", "system")
    case = await case_of(shift, record["id"])
    assert (case["caller"], case["state"]) == ("+819011110001", "open")
    file = floor_copy.layout.recordings / case["recording"]["file"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == case["recording"]["sha256"]
    samples, rate = tones.read_wav(file)
    assert tones.share_of_tone(samples, CALLER_HZ, rate=rate) > CLEAR
    assert not list(floor_copy.layout.messages.glob("*.wav")), "a message was left where Asterisk wrote it"


async def test_who_hangs_up_while_speaking_has_left_a_message(shift: Shift, floor_copy: Copy) -> None:
    call = await speaks(shift, "09011110002")
    call.leave()
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert (record["outcome"], record["ended_by"]) == ("message_left", "caller")
    case = await case_of(shift, record["id"])
    samples, rate = tones.read_wav(floor_copy.layout.recordings / case["recording"]["file"])
    assert tones.share_of_tone(samples, CALLER_HZ, rate=rate) > CLEAR


async def test_silence_ends_a_message(shift: Shift) -> None:
    call = await speaks(shift, "09011110003")
    assert call.sound is not None
    call.sound.play(QUIET)
    await heard(call, is_loud)
    call.press("1")
    await within(call.over)
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert (record["outcome"], record["ended_by"]) == ("message_left", "system")


async def test_silence_is_no_message_and_leads_back_into_the_line(shift: Shift) -> None:
    call = await waiting(shift, "09011110007")
    assert call.sound is not None
    call.sound.play(QUIET)
    call.press(MESSAGE)
    for _ in range(2):
        await heard(call, is_tone(BEEP_HZ))
        await heard(call, lambda sound: not is_loud(sound))
    await until_state(shift, "09011110007", "waiting")
    call.leave()
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert record["outcome"] == "abandoned"


async def test_who_listens_keeps_the_place_and_is_taken_out_by_an_operator_who_becomes_free(
    shift: Shift,
) -> None:
    await shift.seat(CROWDED, lambda _: Answer(talk_s=60))
    first, first_ring = await answered(shift, "09011110004")
    call = await waiting(shift, "09011110005")
    call.press(GUIDANCE)
    await until_state(shift, "09011110005", "guidance")
    call.press("1")
    assert call.sound is not None
    assert tones.loudness(await call.sound.listen(0.5)) > LOUD
    first_ring.hang_up()
    ring = await shift.phones[CROWDED].next_ring()
    await within(ring.answered)
    ring.say(OPERATOR_HZ)
    await heard(call, is_tone(OPERATOR_HZ))
    call.leave()
    await within(first.over)

    record = (await shift.office.records(first.call_id, call.call_id))[call.call_id]
    assert (record["outcome"], record["agent"]) == ("answered", CROWDED)
    facts = await timeline(shift, record)
    assert {"guidance.started", "wait.announced"} <= facts.keys()
    (told, *_) = facts["wait.announced"]
    assert told["minutes"] >= 1
    assert (told["ahead"], told["operators"], told["cause"]) == (0, 1, None)


async def answered(shift: Shift, caller: str) -> tuple[Call, Ring]:
    """Place a call that the only operator answers."""
    call = shift.call(caller, keys=KEY)
    ring = await shift.phones[CROWDED].next_ring()
    await within(ring.answered)
    return call, ring


async def test_a_guide_heard_to_its_end_needs_no_operator(shift: Shift) -> None:
    call = shift.call("09011110006", keys="5")
    await until_live(shift, "09011110006", state="menu", menu_path=["5"])
    call.press("1")
    await within(call.over)
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert (record["outcome"], record["ended_by"]) == ("guided", "system")
    assert record["menu_path"] == ["5", "1"]
