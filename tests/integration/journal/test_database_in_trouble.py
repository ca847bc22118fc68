"""PostgreSQL is slow, full, or for a while a standby that takes no writes: nothing is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import structlog

from storage import Pool
from telephony import history
from telephony.journal import Journal
from telephony.model.ids import CallId
from telephony.spool import Spool
from telephony.worker import Work
from tests.integration.dialplan.driver import until as soon
from tests.integration.journal.test_worker import until, working
from tests.journal_samples import answered_call

RETRY = "stamina.retry_scheduled"
Trouble = Callable[[Pool], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def full(pool: Pool) -> AsyncIterator[None]:
    """Let every write into the journal fail as on a full disk."""
    await pool.execute(
        """
        CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER no_room BEFORE INSERT ON journal EXECUTE FUNCTION no_room();
        """
    )
    yield
    await pool.execute("DROP TRIGGER no_room ON journal")


@asynccontextmanager
async def slow(pool: Pool) -> AsyncIterator[None]:
    """Let every write into the journal wait for the body's end."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
        yield


@asynccontextmanager
async def not_promoted_yet(pool: Pool) -> AsyncIterator[None]:
    """Refuse every write, as a server does that is not the first one any more, or not yet."""
    name = await pool.fetchval("SELECT current_database()")
    await pool.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    yield
    async with pool.acquire() as connection:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        # Whoever was connected meanwhile is sent away, as by a promotion.
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'madoguchi-worker'"
        )


@pytest.fixture
def work(database_url: str, tmp_path: Path) -> Work:
    spools = (tmp_path / "spool.sqlite", tmp_path / "rescue.sqlite")
    return Work(
        database_url, *spools, tmp_path / "unserved.csv", tmp_path / "recordings", tmp_path / "messages"
    )


@pytest.mark.parametrize(("trouble", "tries"), [(full, 2), (slow, 0), (not_promoted_yet, 2)])
async def test_calls_go_on_and_everything_is_there_once_afterwards(
    work: Work, pool: Pool, trouble: Trouble, tries: int
) -> None:
    """The worker has failed so often meanwhile; behind a lock it just waits."""
    journal = Journal(work.spool)
    with structlog.testing.capture_logs() as logs:
        async with working(work):
            async with trouble(pool):
                journal.write(*answered_call("m-1.1").records)
                async with asyncio.timeout(5):
                    await journal.flush()
                await soon(lambda: tries <= sum(line["event"] == RETRY for line in logs))
                assert 17 == await journal.depth()
                assert await history.call(pool, CallId("m-1.1")) is None
            await until(pool, CallId("m-1.1"), lambda found: found.outcome == "answered")
    await journal.close()
    assert 0 == Spool(work.spool).depth()
    assert 17 == len(await history.timeline(pool, CallId("m-1.1")))
