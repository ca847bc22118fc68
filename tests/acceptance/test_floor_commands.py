"""Every command of the floor, typed at a running copy with real telephones.

`GIVEN` has one exercise for each command of the table: a command without one fails the test.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from agents.web.commands import COMMANDS
from tests.acceptance.copy import Copy
from tests.acceptance.floor.desk import kind
from tests.acceptance.floor.ears import TONES
from tests.acceptance.floor.room import CHIEF, OPERATOR, Room
from tests.acceptance.floor.shift import Shift, within
from tests.acceptance.storm.leftovers import NOTHING, leftovers
from tests.acceptance.test_survival import back, kill

CROWDED, ASK = "3", "4"


@pytest.fixture
async def room(floor_copy: Copy) -> AsyncIterator[Room]:
    async with Shift(floor_copy) as shift:
        await shift.plug_in(OPERATOR)
        await shift.plug_in(CHIEF)
        yield Room(floor_copy, shift)
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=20, wait_max=0.5
        ):
            with attempt:
                assert leftovers(floor_copy.running["asterisk"]["cli"]) == NOTHING


async def pause(room: Room) -> None:
    """Who waits is not offered to anybody, also after the controller was killed."""
    await room.type("queue", "booking", "pause")
    await room.shift.office.set_state(OPERATOR, "ready")
    call, _ = await room.waits()
    before = kill(room.copy, "controller")
    await back(room.copy, "controller", before)
    await room.shift.office.ready()
    await room.live("waiting")
    assert [each["kind"] for each in (await room.queue())["measures"]] == ["pause"]
    await room.type("queue", "booking", "resume")
    await room.answers(OPERATOR)
    await within(call.answered)
    assert (await room.record(call))["outcome"] == "answered"


async def resume(room: Room) -> None:
    """A needless one is a sentence; a hasty one is taken back."""
    status, _, complaint = await room.try_to("queue", "booking", "resume")
    assert (status, complaint) == (1, "Queue booking is not paused.\n")
    await room.type("queue", "booking", "pause")
    await room.type("queue", "booking", "resume")
    await room.type("undo")
    assert (await room.queue())["measures"]
    await room.type("queue", "booking", "resume")


async def limit(room: Room) -> None:
    """It stands until it is taken back."""
    await room.type("queue", "crowded", "limit", "1")
    assert (await room.queue("crowded"))["measures"][0]["waiting"] == 1
    await room.type("undo")
    assert not (await room.queue("crowded"))["measures"]


async def tiers(room: Room) -> None:
    """Who does not reach the tier is not rung, and is again when it is taken back."""
    said = await room.type("queue", "booking", "tiers", "0:9")
    await room.shift.office.set_state(OPERATOR, "ready")
    call, _ = await room.waits()
    assert await room.state(OPERATOR) == "ready"
    token = re.search(r"madoguchi undo (\S+)", said)
    assert token is not None
    await room.type("undo", token[1])  # the state was set since, and would be taken back without a token
    await room.answers(OPERATOR)
    await within(call.answered)
    assert (await room.record(call))["agent"] == OPERATOR


async def move(room: Room) -> None:
    """It stands in the other line, and then in its own again."""
    call, name = await room.waits()
    await room.type("call", name, "move", "card")
    assert (await room.queue("card"))["waiting"] == 1
    await room.type("undo")
    assert (await room.queue())["waiting"] == 1
    assert (await room.record(call))["queue"] == "booking"


async def give(room: Room) -> None:
    """A supervisor who is not ready takes a call out of the line, and is as before afterwards."""
    call, name = await room.waits()
    await room.type("call", name, "give", CHIEF, "--even-away")
    await room.answers(CHIEF)
    await room.live("talking")
    assert (await room.record(call))["agent"] == CHIEF
    assert await room.state(CHIEF) == "logged-out"


async def remove(room: Room) -> None:
    """The caller hears why, and the centre hangs up."""
    call, name = await room.waits()
    await room.type("call", name, "remove", "--message", "call-again")
    await within(call.over)
    assert (await room.record(call))["ended_by"] == "supervisor"


async def hang_up(room: Room) -> None:
    """A call that waits ends."""
    call, name = await room.waits()
    await room.type("call", name, "hangup")
    await within(call.over)


async def supervise(room: Room) -> None:
    """The supervisor's phone rings and is on the call, until the supervisor leaves."""
    call, name = await room.talks()
    await room.type("listen", name, "--as", CHIEF)
    ring = await room.answers(CHIEF)
    ring.say(TONES["supervisor"])
    await room.heard_by(name, CHIEF)
    await room.type("leave", name, "--as", CHIEF)
    await room.heard_by(name)
    await room.record(call)


async def cancel_callback(room: Room) -> None:
    """Nobody is called back any more."""
    call, name = await room.waits(CROWDED)
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=20, wait_initial=0.2, wait_max=0.5
    ):
        with attempt:  # the key works from the announcement on
            call.press(ASK)
            assert (await room.shift.office.get(f"/api/calls/{name}"))["state"] == "asking"
    call.press("1")
    promised = await room.live("promised")
    await room.record(call)
    await room.type("callback", promised["id"], "cancel")
    assert not (await room.shift.office.get("/api/callbacks"))["callbacks"]


async def set_state(room: Room) -> None:
    """A break, and back."""
    await room.type("agent", "ready", OPERATOR)
    await room.type("agent", "pause", OPERATOR, "--reason", "lunch")
    assert await room.state(OPERATOR) == "paused"
    await room.type("undo")
    assert await room.state(OPERATOR) == "ready"
    await room.type("agent", "logout", OPERATOR)


async def change_agent(room: Room) -> None:
    """Another weight, and the old one."""
    before = (await room.shift.office.get(f"/api/agents/{OPERATOR}"))["skills"]
    await room.type("agent", "set", OPERATOR, "--skill", "booking=1")
    await room.type("undo")
    assert (await room.shift.office.get(f"/api/agents/{OPERATOR}"))["skills"] == before


async def notice(room: Room) -> None:
    """It is on an operator's screen."""
    desk = await room.shift.seat("baba")
    await room.type("notice", "10分後に訓練をします。")
    assert (await desk.until(kind("notice", code="broadcast")))["text"] == "10分後に訓練をします。"


def in_a_minute() -> str:
    return (datetime.now(UTC) + timedelta(minutes=1)).isoformat()


async def close(room: Room) -> None:
    """The next caller hears that it is closed; taken back, the one after that waits."""
    await room.type("close", "--until", in_a_minute())
    call = room.shift.call("09077770001")
    await within(call.over)
    assert (await room.record(call))["outcome"] == "closed"
    await room.type("undo")
    waiting, _ = await room.waits()
    await room.record(waiting)


async def cancel_opening(room: Room) -> None:
    """What was closed is taken back by its id."""
    said = await room.type("close", "--until", in_a_minute())
    found = re.search(r"hours --cancel (\w+)", said)
    assert found is not None
    await room.type("hours", "--cancel", found[1])
    assert not (await room.shift.office.get("/api/hours/overrides"))["overrides"]


async def emergency(room: Room) -> None:
    """Every call hears the announcement, until it is off."""
    await room.type("emergency", "on")
    call = room.shift.call("09077770002")
    await within(call.over)
    await room.type("emergency", "off")
    assert (await room.record(call))["outcome"] == "emergency"


async def undo(room: Room) -> None:
    """What was taken back already is said to be."""
    await room.type("queue", "card", "pause")
    await room.type("undo")
    status, _, complaint = await room.try_to("undo", "nothing")
    assert (status, complaint.startswith("There is nothing to undo")) == (1, True)


GIVEN: Mapping[str, Callable[[Room], Awaitable[None]]] = {
    "pause-queue": pause,
    "resume-queue": resume,
    "limit-queue": limit,
    "tier-queue": tiers,
    "move-call": move,
    "give-call": give,
    "remove-call": remove,
    "hang-up-call": hang_up,
    "supervise-call": supervise,
    "leave-call": supervise,
    "cancel-callback": cancel_callback,
    "set-state": set_state,
    "change-agent": change_agent,
    "notice": notice,
    "open-or-close": close,
    "cancel-opening": cancel_opening,
    "emergency": emergency,
    "undo": undo,
}


async def test_every_command_does_what_it_says_on_real_telephones(room: Room) -> None:
    assert set(GIVEN) == {each.name for each in COMMANDS}
    for exercise in dict.fromkeys(GIVEN.values()):
        try:
            await exercise(room)
        except BaseException as failure:
            failure.add_note(f"in the exercise {exercise}")
            raise
