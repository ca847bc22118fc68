"""The rescue ends a controller that hangs, and not one that has to wait for the processor like everybody."""

import asyncio
import os
import time
from pathlib import Path
from typing import cast

import pytest

from telephony.asterisk.answers import Channel
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Unavailable
from telephony.asterisk.manager import Manager
from telephony.heartbeat import Pulse
from telephony.rescue.watch import Watch
from tests.unit.rescue.test_watch import WAITING

S = 1_000_000_000


class NoAsterisk:
    """An Asterisk that cannot be reached: the watch must go on."""

    async def channels(self) -> None:
        raise Unavailable("nobody is there")


class Driven:
    """An Asterisk whose callers somebody drives; whoever is moved is noted."""

    def __init__(self, driver: str) -> None:
        self.driver, self.moved = driver, list[str]()

    async def channels(self) -> list[Channel]:
        return [WAITING]

    async def get_global(self, name: str) -> str:
        assert name == "MADOGUCHI_DRIVER"
        return self.driver

    async def redirect(self, leg: str, *_: str) -> None:
        self.moved.append(leg)


class Watched:
    """A watch over a heartbeat of ours."""

    def __init__(self, file: Path, asterisk: NoAsterisk | Driven | None = None) -> None:
        self.file = file
        self.killed: list[int] = []
        ari, manager = cast("Ari", asterisk or NoAsterisk()), cast("Manager", asterisk)
        self.watch = Watch(Pulse(file), ari, manager, self.killed.append)

    def last_beat(self, ago_s: float, who: str = "4711") -> None:
        self.file.write_text(who)
        at = time.monotonic_ns() - round(ago_s * S)
        os.utime(self.file, ns=(at, at))

    async def run(self, seconds: float) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.watch.run()


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "heartbeat")


async def test_a_silent_controller_is_ended_also_when_asterisk_cannot_be_asked(watched: Watched) -> None:
    watched.last_beat(ago_s=2.5)
    await watched.run(0.3)
    assert [4711] == watched.killed


@pytest.mark.parametrize(("driver", "moved"), [("1800-ab12", [WAITING.id]), ("1801-cd34", [])])
async def test_race_callers_whom_another_machines_controller_has_taken_over_are_left_to_it(
    tmp_path: Path, driver: str, moved: list[str]
) -> None:
    """Ours is dead and its last beat old; only as long as nobody else drives, its callers are moved."""
    asterisk = Driven(driver)
    watched = Watched(tmp_path / "heartbeat", asterisk)
    watched.last_beat(ago_s=30, who="4711 ab12")
    await watched.run(0.3)
    assert ([4711], moved) == (watched.killed, asterisk.moved)


async def test_a_pause_is_no_silence(watched: Watched) -> None:
    watched.last_beat(ago_s=1.0)
    await watched.run(0.3)
    assert [] == watched.killed


async def test_on_a_machine_without_time_nobody_is_judged(watched: Watched) -> None:
    watched.last_beat(ago_s=1.0)
    running = asyncio.create_task(watched.run(2.5))
    await asyncio.sleep(0.15)
    time.sleep(1.2)  # noqa: ASYNC251 - the machine gives this process no time
    await running
    assert [] == watched.killed
