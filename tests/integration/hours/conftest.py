"""Fixtures of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.hours.house import House, furnished_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with furnished_house(database_url, tmp_path) as house:
        yield house
