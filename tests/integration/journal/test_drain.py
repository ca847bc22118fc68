"""From the spool into PostgreSQL: nothing lost, nothing doubled, order kept, records right."""

import random
from pathlib import Path

import pytest

from storage import Pool
from telephony import history
from telephony.archive import deposit
from telephony.drain import Drain
from telephony.model.commands import Record
from telephony.model.ids import CallId, Instant
from telephony.record import fold
from telephony.spool import Spool
from tests.integration.journal.conftest import Tell
from tests.journal_samples import abandoned_call, after_the_call, answered_call, interleaved


async def test_a_call_that_ended_has_its_record(pool: Pool, tell: Tell) -> None:
    script = after_the_call(answered_call("m-1.1"))
    await tell(script.records)
    assert fold(script.entries) == await history.call(pool, CallId("m-1.1"))
    assert script.entries == await history.timeline(pool, CallId("m-1.1"))


async def test_a_live_call_has_a_timeline_and_no_record_yet(pool: Pool, tell: Tell) -> None:
    await tell(answered_call("m-1.1").records[:-1])
    assert await history.call(pool, CallId("m-1.1")) is None
    assert 16 == len(await history.timeline(pool, CallId("m-1.1")))


async def test_what_comes_after_the_end_updates_the_record(pool: Pool, tell: Tell) -> None:
    script = answered_call("m-1.1")
    before = len(script.records)
    await tell(script.records)
    await tell(after_the_call(script).records[before:])
    record = await history.call(pool, CallId("m-1.1"))
    assert record is not None
    assert ("booked", 37.0) == (record.disposition, record.acw_s)


async def test_a_batch_that_was_committed_and_not_acknowledged_is_not_doubled(
    pool: Pool, spool_file: Path
) -> None:
    spool = Spool(spool_file)
    spool.append(list(interleaved([answered_call("m-1.1"), abandoned_call("m-1.2")])))
    batch = spool.not_drained(1_000)
    async with pool.acquire() as connection:
        await deposit(connection, spool.begun_ms, batch.rows[:9])
        await deposit(connection, spool.begun_ms, batch.rows)
    await Drain(spool_file, pool).all()
    assert len(batch.rows) == await pool.fetchval("SELECT count(*) FROM journal")
    assert answered_call("m-1.1").entries == await history.timeline(pool, CallId("m-1.1"))
    assert 0 == Spool(spool_file).depth()


async def test_many_calls_in_batches_of_any_size_keep_their_order(pool: Pool, spool_file: Path) -> None:
    rng = random.Random(1)
    scripts = [answered_call(f"m-1.{n}", 1.7e9 + rng.random() * 60) for n in range(60)]
    spool, waiting = Spool(spool_file), list(interleaved(scripts))
    drain = Drain(spool_file, pool)
    while waiting:
        size = rng.randint(1, 90)
        spool.append(waiting[:size])
        waiting = waiting[size:]
        await drain.once()
    await drain.all()
    for script in scripts:
        call = CallId(script.stream.removeprefix("call:"))
        assert [r.kind for r in script.records] == [
            entry.kind for entry in await history.timeline(pool, call)
        ]
    assert 60 == await pool.fetchval("SELECT count(*) FROM calls WHERE talked_s = 90")


async def test_a_spool_that_was_lost_and_begun_anew_collides_with_nothing(pool: Pool, tmp_path: Path) -> None:
    for name, number in (("first", 1), ("second", 2)):
        spool = Spool(tmp_path / name)
        spool.append([Record("agent:aoki", Instant(float(number)), "agent.state", {"state": name})])
        await Drain(tmp_path / name, pool).all()
    rows = await pool.fetch("SELECT seq, data FROM journal WHERE stream = 'agent:aoki' ORDER BY spool, seq")
    assert [(1, "first"), (1, "second")] == [(row["seq"], row["data"]["state"]) for row in rows]


@pytest.mark.parametrize("odd", ["'; DROP TABLE calls; --", "a\0b", "\ud800", "\x01\x1f", "窓" * 10_000, ""])
async def test_any_caller_gets_a_record(pool: Pool, tell: Tell, odd: str) -> None:
    await tell(abandoned_call("m-1.1", caller=odd).records)
    record = await history.call(pool, CallId("m-1.1"))
    assert record is not None
    assert record.caller is not None
    assert len(record.caller) <= 64
