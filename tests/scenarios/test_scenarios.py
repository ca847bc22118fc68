"""One suite of scenarios on both Asterisks: the simulated one under a fake clock, and the real one."""

import asyncio

import pytest

from tests.asterisk_fixture import RunningAsterisk, asterisk
from tests.scenarios import transfers
from tests.scenarios.real import RealTown
from tests.scenarios.simulated import SimulatedTown
from tests.scenarios.stage import Stage
from tests.scenarios.written import RESTARTS, SCENARIOS
from tests.simulation.virtual_loop import run

__all__ = ["asterisk", "transfers"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_on_the_simulated_asterisk(name: str) -> None:
    play, missing = SCENARIOS[name]

    async def whole() -> SimulatedTown:
        town = SimulatedTown(asyncio.get_running_loop().time)
        stage = Stage(town, missing=missing)
        async with stage.running():
            await play(stage)
            await asyncio.sleep(1)
        return town

    server = run(whole()).server
    assert (server.channels, server.bridges, server.faults) == ({}, {}, [])


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in RESTARTS])
async def test_on_the_real_asterisk(name: str, asterisk: RunningAsterisk) -> None:
    play, missing = SCENARIOS[name]
    town = RealTown(asterisk)
    stage = Stage(town, missing=missing)
    try:
        async with stage.running():
            await play(stage)
    finally:
        await town.close()
