"""Fixtures of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.agents.centre import Running, running_centre


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """A running centre with a database of its own."""
    async with running_centre(database_url, tmp_path) as running:
        yield running
