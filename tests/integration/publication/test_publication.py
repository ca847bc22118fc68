"""Applied, verified or taken back; whoever comes second is told; what was broken off is mended."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import asyncpg
import pytest
import stamina

from madoguchi.publication.assembly import in_force
from madoguchi.publication.candidate import Mistakes
from madoguchi.publication.publication import (
    Applied,
    Busy,
    NeedsRestart,
    Outdated,
    TakenBack,
    Unchanged,
    Wish,
)
from madoguchi.publication.source import edited
from madoguchi.publication.versions import State
from tests.integration.publication.room import Room

LONGER = ('title = "総合"\nskill', 'title = "総合"\nring_s = 30\nskill')
MORE_CALLS = ('addresses = ["127.0.0.2"]', 'addresses = ["127.0.0.2"], max_calls = 40')
OWN = "[custom-from-operators]\nexten => 71,1,Answer()\n same => n,Hangup()\n"


def wish(room: Room, why: str = "a test", **more: object) -> Wish:
    return Wish(edited(room.place), "okada", why, trial=False, **more)  # type: ignore[arg-type]


async def apply(room: Room) -> Applied:
    return await room.publication.apply(wish(room))


@asynccontextmanager
async def runs(room: Room) -> AsyncIterator[None]:
    """Let the publication's own task run, as in a controller."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(room.publication.run())
        yield
        task.cancel()


async def eventually(found: Callable[[], Sequence[str]], expected: Sequence[str]) -> None:
    """Wait until *found* is as *expected*: files tell nobody that they changed."""
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=5, wait_max=0.05):
        with attempt:
            assert found() == expected


def states(room: Room) -> Sequence[str]:
    return [version.state.value for version in room.publication.versions]


async def test_what_only_the_controller_needs_changes_no_file(room: Room) -> None:
    room.edit(LONGER)
    done = await apply(room)
    assert (done.version.number, done.version.changed, done.restarts) == (2, (), False)
    assert room.now[-1].plan.queues[0].ring_s == 30
    assert in_force(room.place) == room.now[-1]


async def test_own_dialplan_reaches_asterisk_and_the_history_says_who_and_why(room: Room) -> None:
    room.edit(MORE_CALLS, custom=OWN)
    done = await apply(room)
    assert done.version.changed == ("custom-own.conf", "extensions.conf", "pjsip.conf")
    assert (room.place.layout.asterisk_etc / "custom-own.conf").read_text() == OWN
    kept = room.publication.versions.version(2)
    assert (kept.by, kept.why, kept.before, kept.state) == ("okada", "a test", 1, State.APPLIED)


async def test_what_asterisk_refuses_is_taken_back_with_its_reason(room: Room) -> None:
    before = room.now[-1]
    room.edit(LONGER, custom=OWN)
    room.asterisk.refusals.append("Asterisk lacks Answer().")
    with pytest.raises(TakenBack, match=r"Version 2 was taken back.*Asterisk lacks Answer"):
        await apply(room)
    assert room.now[-1] == before, "callers never met it"
    assert in_force(room.place) == before
    assert room.asterisk.told[-1] == before
    assert not (room.place.layout.asterisk_etc / "custom-own.conf").exists()
    assert states(room) == ["applied", "taken-back"]


async def test_a_controller_that_cannot_take_it_up_has_the_old_plan_again(room: Room) -> None:
    before = room.now[-1]
    room.edit(LONGER)
    room.faults.append(KeyError("a fault of ours"))
    with pytest.raises(TakenBack, match="a fault of ours"):
        await apply(room)
    assert room.now[-1] == before
    assert states(room) == ["applied", "taken-back"]


async def test_mistakes_are_told_and_nothing_is_tried(room: Room) -> None:
    room.edit(('menu = "main"', 'menu = "mian"'), custom="[offer]\nexten => 7,1,System(true)\n")
    with pytest.raises(Mistakes) as mistakes:
        await apply(room)
    assert [finding.file for finding in mistakes.value.findings] == ["centre.toml", "own.conf", "own.conf"]
    assert room.asterisk.told == []
    assert states(room) == ["applied"]


async def test_a_level_that_somebody_has_cannot_go(room: Room) -> None:
    room.edit(('[{ name = "standard"', '[{ name = "senior"'))
    text = room.place.centre_file.read_text().replace('level = "standard"', 'level = "senior"')
    room.place.centre_file.write_text(text)
    with pytest.raises(Mistakes, match="levels lacks 'standard', which op201 has"):
        await apply(room)


async def test_the_same_again_and_an_old_base_are_refused(room: Room) -> None:
    with pytest.raises(Unchanged, match="version 1"):
        await apply(room)
    room.edit(LONGER)
    await apply(room)
    room.edit(LONGER, MORE_CALLS)
    with pytest.raises(Outdated, match="Version 2 by okada"):
        await room.publication.apply(wish(room, base=1))


async def test_what_needs_a_restart_says_so_before_and_restarts_when_it_may(room: Room) -> None:
    room.edit(('city = "松阪市"', 'city = "松阪市"\ntimezone = "Asia/Seoul"'))
    with pytest.raises(NeedsRestart, match="--restart-controller"):
        await apply(room)
    assert room.restarts == []
    done = await room.publication.apply(wish(room, restart=True))
    assert done.restarts
    assert room.restarts == [True]


async def test_of_two_at_once_the_second_is_told_who_is_at_it(room: Room) -> None:
    room.asterisk.gate.clear()
    room.edit(LONGER)
    first = asyncio.create_task(apply(room))
    await room.asterisk.asked.wait()
    with pytest.raises(Busy, match="okada is publishing"):
        await room.publication.apply(Wish(edited(room.place), "mori", "too"))
    room.asterisk.gate.set()
    assert (await first).version.number == 2


async def test_another_process_that_publishes_is_respected(room: Room, database_url: str) -> None:
    other = await asyncpg.connect(database_url)
    await other.execute("SELECT pg_advisory_lock($1)", 0x6D61646F_00000003)
    room.edit(LONGER)
    with pytest.raises(Busy):
        await apply(room)
    await other.close()
    assert (await apply(room)).version.number == 2
    assert (await room.publication.roll_back(None, "okada", "back")).version.number == 3


async def test_a_rollback_is_a_new_version_and_can_be_rolled_back(room: Room) -> None:
    room.edit(LONGER)
    await apply(room)
    back = (await room.publication.roll_back(None, "mori", "too long")).version
    assert (back.number, back.rollback_to, back.before) == (3, 1, 2)
    assert room.now[-1].plan.queues[0].ring_s == 20
    await room.publication.roll_back(2, "mori", "it was right")
    assert room.now[-1].plan.queues[0].ring_s == 30


async def test_what_a_killed_controller_had_begun_is_taken_back_in_asterisk_too(room: Room) -> None:
    room.asterisk.gate.clear()
    room.edit(LONGER, custom=OWN)
    killed = asyncio.create_task(apply(room))
    await room.asterisk.asked.wait()
    killed.cancel()
    await asyncio.wait({killed})
    room.asterisk.gate.set()
    assert states(room) == ["applied", "applying"]
    room.now.append(in_force(room.place))
    async with runs(room):
        await eventually(lambda: states(room), ["applied", "taken-back"])
    assert room.asterisk.told[-1] == room.now[0]


async def test_postgresql_has_a_copy_of_every_version(room: Room) -> None:
    room.edit(LONGER, custom=OWN)
    await apply(room)
    async with runs(room):
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=5, wait_max=0.05
        ):
            with attempt:
                rows = await room.pool.fetch("SELECT * FROM publications ORDER BY version")
                assert [(row["version"], row["state"], row["by_whom"]) for row in rows] == [
                    (1, "applied", getpass.getuser()),
                    (2, "applied", "okada"),
                ]
    assert rows[1]["custom"] == {"own.conf": OWN}
    assert "ring_s = 30" in rows[1]["centre"]


async def test_without_the_database_it_is_published_all_the_same(room: Room) -> None:
    room.edit(LONGER)
    await room.pool.close()
    assert (await apply(room)).version.number == 2
