"""Running centres for acceptance tests: the storm's, a small quick one, one as it comes out of the box.

The storm's has a second controller, which takes over when the first one dies; the others have none.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.floor import centre as floor
from tests.acceptance.floor.command import command
from tests.acceptance.storm import centre as storm
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
