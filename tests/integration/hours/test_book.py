"""What is opened and closed ad hoc survives restarts, a database that is down, and a lost disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina

from madoguchi.hours.book import Book, NoSuchOverride
from madoguchi.hours.entries import Entry
from storage import Pool, migrate, open_pool
from telephony.model.rulings import Override
from tests.postgres_fixture import Cluster

HOUR = timedelta(hours=1)


def entry(name: str, *, ends_in: timedelta = HOUR) -> Entry:
    now = datetime.now(UTC)
    return Entry(
        id=name,
        opens=False,
        since=now - HOUR,
        until=now + ends_in,
        message="typhoon",
        queues=("booking",),
        numbers=("+81120000000",),
        entered_at=now,
        entered_by="sato",
    )


class Told(list[tuple[Override, ...]]):
    """Everything that the model was told."""

    @property
    def last(self) -> list[str]:
        """The ids that hold."""
        return [override.id for override in self[-1]]


@asynccontextmanager
async def running(book: Book) -> AsyncIterator[None]:
    task = asyncio.create_task(book.run())
    yield
    task.cancel()
    await asyncio.wait({task})


async def stored(pool: Pool, *, cancelled: bool = False) -> list[str]:
    rows = await pool.fetch("SELECT id, cancelled_at FROM hours_overrides ORDER BY entered_at")
    return [row["id"] for row in rows if (row["cancelled_at"] is not None) is cancelled]


async def until(wanted: list[str], pool: Pool, *, cancelled: bool = False) -> None:
    """PostgreSQL tells nobody when a row is there, so it is asked again."""
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=10, wait_max=0.1):
        with attempt:
            assert wanted == await stored(pool, cancelled=cancelled)


async def test_it_holds_at_once_and_after_a_restart(tmp_path: Path, database_url: str) -> None:
    pool, told = await open_pool(database_url, name="test"), Told()
    book = Book(tmp_path / "hours.json", pool, told.append)
    book.load()
    async with running(book):
        book.enter(entry("a"))
        assert ["a"] == told.last
        await until(["a"], pool)
    again = Told()
    Book(tmp_path / "hours.json", pool, again.append).load()
    assert told[-1] == again[-1]
    await pool.close()


async def test_it_is_taken_back_everywhere(tmp_path: Path, database_url: str) -> None:
    pool, told = await open_pool(database_url, name="test"), Told()
    book = Book(tmp_path / "hours.json", pool, told.append)
    book.load()
    async with running(book):
        book.enter(entry("a"))
        await until(["a"], pool)
        book.cancel("a", "suzuki")
        assert [] == told.last
        await until(["a"], pool, cancelled=True)
    with pytest.raises(NoSuchOverride):
        book.cancel("a", "suzuki")
    with pytest.raises(NoSuchOverride):
        book.cancel("b", "suzuki")
    await pool.close()


async def somebody_waits_for_a_lock(pool: Pool) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=10, wait_max=0.1):
        with attempt:
            assert await pool.fetchval(waiting)


async def test_what_is_taken_back_while_the_database_answers_stays_taken_back(
    tmp_path: Path, database_url: str
) -> None:
    """The copy of "a" is on its way, uncancelled; "a" is taken back; the answer still knows it as it was."""
    pool, told = await open_pool(database_url, name="test"), Told()
    book = Book(tmp_path / "hours.json", pool, told.append)
    async with running(book):
        book.enter(entry("a"))
        await until(["a"], pool)
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT FROM hours_overrides WHERE id = 'a' FOR UPDATE")
            book.enter(entry("b"))
            await somebody_waits_for_a_lock(pool)
            book.cancel("a", "suzuki")
        await until(["a"], pool, cancelled=True)
    assert ["b"] == told.last
    await pool.close()


async def test_a_lost_disk_is_made_good_by_the_database(tmp_path: Path, database_url: str) -> None:
    pool, told = await open_pool(database_url, name="test"), Told()
    book = Book(tmp_path / "hours.json", pool, Told().append)
    async with running(book):
        book.enter(entry("over", ends_in=-HOUR / 2))
        book.enter(entry("a"))
        await until(["over", "a"], pool)
    (tmp_path / "hours.json").write_text("not JSON")
    fresh = Book(tmp_path / "hours.json", pool, told.append)
    fresh.load()
    assert [] == told.last
    async with running(fresh):
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=10, wait_max=0.1
        ):
            with attempt:
                assert ["a"] == told.last
    await pool.close()


async def test_without_the_database_it_holds_and_is_copied_when_it_is_back(
    tmp_path: Path, private_postgres: Cluster
) -> None:
    url = private_postgres.url
    await migrate(url)
    private_postgres.stop()
    pool, told = await open_pool(url, name="test"), Told()
    book = Book(tmp_path / "hours.json", pool, told.append)
    book.load()
    async with running(book):
        book.enter(entry("a"))
        book.enter(entry("b"))
        assert ["a", "b"] == told.last
        private_postgres.start()
        await until(["a", "b"], pool)
    await pool.close()
