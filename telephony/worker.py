"""The worker process: whatever may take its time, away from the calls.

It carries the journal to PostgreSQL, gives the dialplan's unserved calls their record and measures
recordings. The database may be slow, restart or be away: each job tries again with growing pauses and loses
nothing.
"""

import asyncio
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import stamina
import structlog

from config.layout import Layout
from storage import PASSING, Pool, migrate, open_pool
from telephony.drain import Drain
from telephony.ledger import Ledger
from telephony.recordings import Recordings

DRAIN_EVERY_S = 0.2
LEDGER_EVERY_S = 1.0
RECORDINGS_EVERY_S = 1.0
GENTLE_S = 8.0
"""How long jobs may finish what they are at; supervisord kills after 10 seconds."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0

CONNECTIONS = 8
"""Two of the jobs above keep one each while they work, as a lock against others of their kind."""

Job = Callable[[], Awaitable[object]]
Jobs = Mapping[str, tuple[Job, float]]
"""By name, with the seconds between two turns."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """Where the worker finds its work."""

    database: str
    spool: Path
    rescue: Path
    unserved: Path
    recordings: Path
    messages: Path
    only_carries: bool = False
    """Whether it does nothing but carry its journal over: Asterisk's files are another machine's."""

    @classmethod
    def of(cls, layout: Layout, database: str) -> "Work":
        """Return the work of the copy that lives in *layout*."""
        unserved = layout.asterisk / "spool" / "unserved.csv"
        return cls(
            database,
            layout.journal_file,
            layout.rescue_file,
            unserved,
            layout.recordings,
            layout.messages,
        )


MoreJobs = Callable[[Pool, asyncio.Event], Jobs]
"""Makes the jobs of the floors above, which stop early when the event is set."""


def _no_more(*_: object) -> Jobs:
    return {}


async def main(work: Work, more: MoreJobs = _no_more) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await run(work, stop, more)


async def run(work: Work, stop: asyncio.Event, more: MoreJobs = _no_more) -> None:
    """Work until *stop*; then carry over what is in the spool, for at most `GENTLE_S`."""
    pool = await open_pool(work.database, name="worker", size=CONNECTIONS)
    drain, rescue = Drain(work.spool, pool), Drain(work.rescue, pool)
    jobs = {
        "drain": (drain.all, DRAIN_EVERY_S),
        "rescue": (rescue.all, LEDGER_EVERY_S),
        **({} if work.only_carries else _of_asterisk(work, pool)),
        **more(pool, stop),
    }
    try:
        async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as group:
            group.create_task(_limit_the_end(stop, limit), name="limit")
            group.create_task(_start_and_repeat(work.database, jobs, stop, group), name="start")
    except TimeoutError:
        log.warning("worker.stopped_firmly", after_s=GENTLE_S)
    finally:
        drain.close()
        rescue.close()
        pool.terminate()


def _of_asterisk(work: Work, pool: Pool) -> Jobs:
    """Return what is done about the files that Asterisk writes."""
    return {
        "ledger": (Ledger(work.unserved, pool).once, LEDGER_EVERY_S),
        "recordings": (Recordings(work.recordings, work.messages, pool).once, RECORDINGS_EVERY_S),
    }


async def _start_and_repeat(database: str, jobs: Jobs, stop: asyncio.Event, group: asyncio.TaskGroup) -> None:
    async def prepare() -> None:
        await migrate(database)

    await _persistently(prepare)
    for name, (job, every_s) in jobs.items():
        group.create_task(_repeat(job, every_s, stop), name=name)
    log.info("worker.works")


async def _repeat(job: Job, every_s: float, stop: asyncio.Event) -> None:
    """Do *job* again and again, and once more after *stop*."""
    while not stop.is_set():
        await _persistently(job)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every_s)
    await _persistently(job)


async def _persistently(job: Job) -> None:
    """Do *job*; as long as it fails for a reason that passes, try again with growing pauses."""
    async for attempt in stamina.retry_context(
        on=(*PASSING, sqlite3.OperationalError),
        attempts=None,
        timeout=None,
        wait_initial=FIRST_PAUSE_S,
        wait_max=LONGEST_PAUSE_S,
    ):
        with attempt:
            await job()


async def _limit_the_end(stop: asyncio.Event, limit: asyncio.Timeout) -> None:
    await stop.wait()
    limit.reschedule(asyncio.get_running_loop().time() + GENTLE_S)
