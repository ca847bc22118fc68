"""What the tests of the journal on a real PostgreSQL share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage import Pool, open_pool
from telephony.drain import Drain
from telephony.model.commands import Record
from telephony.spool import Spool

Tell = Callable[[list[Record]], Awaitable[None]]


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool on a database of the test's own."""
    opened = await open_pool(database_url, name="test")
    yield opened
    await opened.close()


@pytest.fixture
def spool_file(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite"


@pytest.fixture
def tell(pool: Pool, spool_file: Path) -> Tell:
    """Write facts into the spool and carry them all over."""

    async def write_and_drain(records: list[Record]) -> None:
        Spool(spool_file).append(records)
        await Drain(spool_file, pool).all()

    return write_and_drain
