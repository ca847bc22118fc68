"""A room in which things are published, and its HTTP interface."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.agents.centre import Running, running_centre
from tests.integration.publication.room import Room, config_room


@pytest.fixture
async def room(database_url: str, tmp_path: Path) -> AsyncIterator[Room]:
    async with config_room(database_url, tmp_path / "room") as made:
        yield made


@pytest.fixture
async def served(room: Room, database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running_centre(database_url, tmp_path, room.routes.routes()) as running:
        yield running
