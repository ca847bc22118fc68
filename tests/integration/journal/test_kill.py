"""``kill -9`` of the writer and of PostgreSQL at random instants: nothing acknowledged is lost or doubled."""

import asyncio
import multiprocessing
import random
import signal
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import orjson

from storage import PASSING, migrate, open_pool
from telephony.drain import Drain
from telephony.spool import Spool
from telephony.tail import replay
from tests.integration.journal.writer_process import STREAMS, write_for_ever
from tests.journal_samples import answered_call, interleaved
from tests.postgres_fixture import Cluster, outside_loop

ROUNDS = 30
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.integration.journal.writer_process"])


def write_until_killed(file: Path, round_number: int, seconds: float) -> int:
    """Return the last number that the writer had written, committed or not, when it was killed."""
    listen, told = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=write_for_ever, args=(file, round_number, told))
    process.start()
    told.close()
    written = int(listen.recv())
    process.join(seconds)
    process.kill()
    process.join()
    with listen, suppress(EOFError):
        while True:
            written = int(listen.recv())
    assert -signal.SIGKILL == process.exitcode
    return written


def test_a_writer_killed_at_any_instant_loses_nothing_that_it_had_written(tmp_path: Path) -> None:
    rng = random.Random(20261228)
    file = tmp_path / "spool.sqlite"
    written = [write_until_killed(file, n, rng.uniform(0.01, 0.25)) for n in range(ROUNDS)]
    assert sum(written) > ROUNDS
    replay(file, Spool(file))  # as the next controller does
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for stream, seq, _, _, data in Spool(file).not_drained(10_000_000).rows:
        told = orjson.loads(data)
        found[stream].append((seq, told["round"], told["n"]))
    assert STREAMS == len(found)
    for entries in found.values():
        assert list(range(1, len(entries) + 1)) == [seq for seq, _, _ in entries]
        for number, last in enumerate(written):
            of_round = [n for _, round_number, n in entries if round_number == number]
            assert list(range(1, len(of_round) + 1)) == of_round
            assert len(of_round) >= last


async def drain_until_empty(drain: Drain) -> int:
    """Drain as the worker does; return how often PostgreSQL failed in between."""
    failures = 0
    while True:
        try:
            if await drain.once() == 0:
                return failures
        except PASSING:
            failures += 1
            await asyncio.sleep(0.05)


async def test_postgresql_killed_in_the_middle_loses_and_doubles_nothing(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    """Twice, at random instants, with a drain of small batches under way."""
    outside_loop(migrate(private_postgres.url))
    rng = random.Random(7)
    scripts = [answered_call(f"m-1.{n}", 1.7e9 + n) for n in range(1_000)]
    spool = Spool(tmp_path / "spool.sqlite")
    spool.append(list(interleaved(scripts)))
    pool = await open_pool(private_postgres.url, name="test")
    draining = asyncio.create_task(drain_until_empty(Drain(tmp_path / "spool.sqlite", pool)))
    for _ in range(2):
        await asyncio.sleep(rng.uniform(0.1, 0.5))
        await asyncio.to_thread(private_postgres.kill)
        await asyncio.to_thread(private_postgres.start)
    failures = await asyncio.wait_for(draining, 60)
    assert failures >= 2
    stored = await pool.fetch(
        "SELECT stream, array_agg(kind ORDER BY seq) AS kinds FROM journal GROUP BY stream"
    )
    assert {s.stream: [r.kind for r in s.records] for s in scripts} == {
        r["stream"]: r["kinds"] for r in stored
    }
    assert 1_000 == await pool.fetchval(
        "SELECT count(*) FROM calls WHERE talked_s = 90 AND outcome = 'answered'"
    )
    pool.terminate()
