"""Running centres for acceptance tests: the storm's, a small quick one, one as it comes out of the box.

The storm's has a second controller, which takes over when the first one dies; the others have none.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina

from madoguchi.demo.phones import CalledPhone
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.floor import centre as floor
from tests.acceptance.floor.command import command
from tests.acceptance.floor.shift import Shift, within
from tests.acceptance.storm import centre as storm
from tests.acceptance.storm.leftovers import NOTHING, leftovers
from tests.postgres_fixture import outside_loop

SAMPLE = Path(__file__).parents[2] / "config" / "centre.toml"


@pytest.fixture(scope="session")
def storm_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("storm")
    centre_file = folder / "centre.toml"
    centre_file.write_text(storm.centre_toml())
    copy = start_copy(folder / "home", centre_file, MADOGUCHI_STANDBY="1")
    yield copy
    copy.make("down", STOP_LIMIT_S)


@pytest.fixture(scope="session")
def floor_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("floor")
    centre_file = folder / "centre.toml"
    centre_file.write_text(floor.centre_toml())
    copy = start_copy(folder / "home", centre_file, MADOGUCHI_DIALPLAN=str(folder / "custom"))
    yield copy
    copy.make("down", STOP_LIMIT_S)


@pytest.fixture(scope="session")
def sample_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    copy = start_copy(tmp_path_factory.mktemp("sample"), SAMPLE)
    # The sample has the city's hours, and tests run at any hour.
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    outside_loop(command(copy, "open", "--until", until))
    yield copy
    copy.make("down", STOP_LIMIT_S)


@pytest.fixture
async def shift(floor_copy: Copy) -> AsyncIterator[Shift]:
    """People with telephones on `floor_copy`; afterwards Asterisk has nothing left of their calls."""
    async with Shift(floor_copy) as people:
        yield people
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=20, wait_max=0.5
        ):
            with attempt:
                assert leftovers(floor_copy.running["asterisk"]["cli"]) == NOTHING


@pytest.fixture
async def outside(shift: Shift) -> AsyncIterator[CalledPhone]:
    """Every telephone behind the carrier: it takes whatever the centre calls, and lets it ring."""
    outbound = shift.running["trunk"]["outbound"]
    assert outbound is not None
    phone = CalledPhone(shift.sip, host=outbound["host"], port=outbound["port"])
    yield phone
    await asyncio.gather(*(within(ring.over) for ring in phone.rings))
    phone.close()
