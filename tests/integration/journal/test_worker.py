"""The worker: starts before the database, outlives it, does all its jobs and stops gently."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import Pool, migrate, open_pool
from telephony import history
from telephony.model.commands import Record
from telephony.model.ids import CallId, Instant
from telephony.record import CallRecord
from telephony.spool import Spool
from telephony.worker import Work, run
from tests.integration.journal.conftest import Tell
from tests.journal_samples import answered_call
from tests.postgres_fixture import Cluster, outside_loop
from tests.unit.journal.test_recordings import wav

LINE = "m-7.7,failed,1700000000,1700000042,3,0312345678,0120123456,abc%40host\n"
CALL = CallId("m-1.1")


@pytest.fixture
def work(database_url: str, tmp_path: Path) -> Work:
    return _work(database_url, tmp_path)


def _work(database: str, folder: Path) -> Work:
    spools = (folder / "spool.sqlite", folder / "rescue.sqlite")
    return Work(database, *spools, folder / "unserved.csv", folder / "recordings", folder / "messages")


@asynccontextmanager
async def working(work: Work) -> AsyncIterator[None]:
    """Run the worker; stop it gently."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run(work, stop))
        yield
        stop.set()


async def until(pool: Pool, call: CallId, true: Callable[[CallRecord], object]) -> CallRecord:
    """Return the call's record once it is as wanted."""
    async with asyncio.timeout(20):
        while True:
            record = await history.call(pool, call)
            if record is not None and true(record):
                return record
            await asyncio.sleep(0.05)


async def test_a_call_its_recording_and_an_unserved_call_all_get_their_record(work: Work, pool: Pool) -> None:
    file = work.recordings / "2026/12/28/m-1.1.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(wav(90))
    async with working(work):
        Spool(work.spool).append(answered_call("m-1.1").records)
        work.unserved.write_text(LINE)
        record = await until(pool, CALL, lambda found: found.recording and found.recording.sha256)
        assert {
            "file": "2026/12/28/m-1.1.wav",
            "sha256": hashlib.sha256(wav(90)).hexdigest(),
            "seconds": 90.0,
        } == record.as_json()["recording"]
        unserved = await until(pool, CallId("m-7.7"), lambda _: True)
    assert ("failed", "abc@host") == (unserved.outcome, unserved.sip_call_id)
    assert datetime.fromtimestamp(1_700_000_042, UTC) == unserved.ended_at


async def test_on_another_machine_than_asterisks_it_carries_the_journal_and_does_nothing_else(
    work: Work, pool: Pool
) -> None:
    """That machine's worker measures the recordings and reads the list: here are neither."""
    async with working(replace(work, only_carries=True)):
        Spool(work.spool).append(answered_call("m-1.1").records)
        work.unserved.write_text(LINE)
        await until(pool, CALL, lambda _: True)
    assert await history.call(pool, CallId("m-7.7")) is None
    assert [0] == [row["tries"] for row in await pool.fetch("SELECT tries FROM recordings")]


async def test_what_is_written_at_the_last_moment_is_carried_over_before_it_stops(
    work: Work, pool: Pool
) -> None:
    async with working(work):
        Spool(work.spool).append(answered_call("m-0.0").records)
        await until(pool, CallId("m-0.0"), lambda _: True)
        Spool(work.spool).append(answered_call("m-1.1").records)
    assert await history.call(pool, CALL) is not None


async def test_a_list_of_unserved_calls_may_grow_and_hold_rubbish(work: Work, pool: Pool) -> None:
    async with working(work):
        work.unserved.write_text("rubbish\n" + LINE + LINE.replace("m-7.7", "m-7.8").rstrip("\n"))
        await until(pool, CallId("m-7.7"), lambda _: True)
        with work.unserved.open("a") as file:
            file.write("\n" + LINE.replace("m-7.7", "m-7.9"))
        await until(pool, CallId("m-7.9"), lambda _: True)
    assert ["m-7.7", "m-7.8", "m-7.9"] == sorted(record.id for record in await history.calls(pool))


async def test_the_records_of_a_controller_that_came_back_are_not_spoilt_by_the_list(
    work: Work, pool: Pool, tell: Tell
) -> None:
    await tell(answered_call("m-7.7").records)
    async with working(work):
        work.unserved.write_text(LINE + LINE.replace("m-7.7", "m-7.8"))
        await until(pool, CallId("m-7.8"), lambda _: True)
    record = await history.call(pool, CallId("m-7.7"))
    assert record is not None
    assert "answered" == record.outcome


async def test_whom_the_rescue_promised_a_call_has_a_record_that_says_so(work: Work, pool: Pool) -> None:
    wish = {"number": "+81312345678", "caller": "+81312345678", "source": "rescue"}
    Spool(work.rescue).append([Record("call:m-7.7", Instant(1_700_000_040), "callback.number_left", wish)])
    async with working(work):
        work.unserved.write_text(LINE)
        await until(pool, CallId("m-7.7"), lambda record: record.outcome == "callback_requested")
        taken_up = Record("call:m-7.7", Instant(1_700_000_090), "callback.taken_up", {"callback": "cb-5"})
        Spool(work.rescue).append([taken_up])
        await until(pool, CallId("m-7.7"), lambda record: record.callback == "cb-5")
    assert 0 == Spool(work.rescue).depth()
    assert {} == Spool(work.rescue).unfinished(), "what was taken up is forgotten"


async def test_a_database_that_is_down_at_the_start_and_later_is_waited_for(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    work = _work(private_postgres.url, tmp_path)
    private_postgres.stop()
    Spool(work.spool).append(answered_call("m-1.1").records)
    pool = await open_pool(private_postgres.url, name="test")
    async with asyncio.timeout(120), working(work):  # a fault fails this test, and not the whole run
        await asyncio.sleep(0.5)
        await asyncio.to_thread(private_postgres.start)
        outside_loop(migrate(private_postgres.url))
        await until(pool, CALL, lambda _: True)
        pool.terminate()
        await asyncio.to_thread(private_postgres.kill)
        Spool(work.spool).append(answered_call("m-2.2").records)
        await asyncio.to_thread(private_postgres.start)
        pool = await open_pool(private_postgres.url, name="test")
        await until(pool, CallId("m-2.2"), lambda _: True)
    pool.terminate()
    assert 0 == Spool(work.spool).depth()


async def test_it_stops_firmly_when_the_database_stays_away(
    private_postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony.worker.GENTLE_S", 0.3)
    private_postgres.stop()
    spool = Spool(tmp_path / "spool.sqlite")
    spool.append(answered_call("m-1.1").records)
    work = _work(private_postgres.url, tmp_path)
    async with asyncio.timeout(5), working(work):
        await asyncio.sleep(0.1)
    assert 17 == spool.depth()
