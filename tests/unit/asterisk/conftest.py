"""A client before a server that misbehaves on demand."""

from collections.abc import AsyncIterator

import pytest

from telephony.asterisk.client import Ari
from tests.unit.asterisk.server import Server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        yield running


@pytest.fixture
async def ari(server: Server) -> AsyncIterator[Ari]:
    async with Ari(server.url, "madoguchi", "secret", timeout_s=0.2) as entered:
        yield entered
