"""Somebody sets the machine's clock while calls are up: nobody loses a place, and records stay honest."""

import asyncio
from collections.abc import Callable

import pytest

from telephony.model.commands import Record
from telephony.model.ids import Instant
from tests.scenarios.simulated import SimulatedTown
from tests.scenarios.stage import Stage
from tests.scenarios.written import chooses
from tests.simulation.phones import Answer
from tests.simulation.virtual_loop import run
from tests.simulation.world import EPOCH

WAIT_S = 8.0
HOUR_S = 3_600.0


class TownWithAClock(SimulatedTown):
    """Its machine's clock, which Asterisk stamps with, can be set; the engine's goes on."""

    ahead_s = 0.0

    def _wall(self) -> float:
        return EPOCH + self._now() + self.ahead_s

    @property
    def clock(self) -> tuple[Callable[[], Instant], Callable[[], float]]:
        """The engine's and the machine's."""
        return lambda: Instant(EPOCH + self._now()), self._wall


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
def test_who_calls_after_it_is_recorded_in_the_same_time_as_who_called_before(jump_s: float) -> None:
    async def play() -> list[Record]:
        town = TownWithAClock(asyncio.get_running_loop().time)
        stage = Stage(town)
        async with stage.running():
            first = await chooses(stage)
            await first.wrote("queue.entered")
            town.ahead_s = jump_s
            person = stage.dial("09033334444")
            second = await stage.arrival(person, "09033334444")
            found = [await second.wrote("call.arrived"), await second.wrote("call.answered")]
            person.leave()
            first.person.leave()
            await second.wrote("call.ended")
            return found

    arrived, answered = run(play())
    assert 0 <= answered.at - arrived.at < 1


@pytest.mark.parametrize("jump_s", [HOUR_S, -HOUR_S])
@pytest.mark.parametrize("restarts", [False, True])
def test_who_waits_is_served_first_and_has_waited_as_long_as_it_took(
    jump_s: float, *, restarts: bool
) -> None:
    async def play() -> list[Record]:
        town = TownWithAClock(asyncio.get_running_loop().time)
        stage = Stage(town)
        await stage.start()
        first = await chooses(stage)
        entered = await first.wrote("queue.entered")
        town.ahead_s = jump_s
        if restarts:
            await stage.kill()
            await stage.start()
        await asyncio.sleep(WAIT_S)
        person = stage.dial("09033334444")
        second = await stage.arrival(person, "09033334444")
        await second.wrote("menu.entered")
        person.press("1")
        await second.wrote("queue.entered")
        await stage.operator("sato", Answer(0.1, talk_s=2), Answer(0.1, talk_s=2))
        served = [entered, await first.wrote("call.connected"), await second.wrote("call.connected")]
        await second.wrote("call.ended")
        await stage.kill()
        return served

    entered, first, second = run(play())
    assert first.at < second.at
    assert WAIT_S <= first.at - entered.at < 2 * WAIT_S
    assert first.data["waited_s"] == pytest.approx(first.at - entered.at, abs=0.5)
    assert 0 < second.data["waited_s"] < WAIT_S
