"""The real Asterisk, a controller's two connections to it, and SIPp callers and phones."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager
from tests.asterisk_fixture import RunningAsterisk, asterisk
from tests.integration.asterisk.listener import Controller
from tests.integration.asterisk.sipp import SippRoom

__all__ = ["asterisk"]


def connect(asterisk: RunningAsterisk) -> Ari:
    """Return a client that is not entered yet."""
    return Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password)


@pytest.fixture
async def ari(asterisk: RunningAsterisk) -> AsyncIterator[Ari]:
    async with connect(asterisk) as entered:
        yield entered


@pytest.fixture
def manager(asterisk: RunningAsterisk) -> Manager:
    return Manager(("127.0.0.1", asterisk.ami_port), asterisk.user, asterisk.ami_password)


@pytest.fixture
async def controller(ari: Ari, manager: Manager) -> AsyncIterator[Controller]:
    """A controller without a model: it hears everything and does what the test says."""
    async with Controller(ari, manager) as running:
        yield running


@pytest.fixture
async def sipp(asterisk: RunningAsterisk, tmp_path: Path) -> AsyncIterator[SippRoom]:
    room = SippRoom(asterisk, tmp_path)
    try:
        yield room
    finally:
        await room.close()
