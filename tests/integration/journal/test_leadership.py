"""Who leads: one at a time on a machine and between machines, and with the database away still somebody."""

import asyncio
from pathlib import Path

import pytest

from storage import Pool
from telephony.leadership import Leadership
from tests.postgres_fixture import Cluster

STANDS_BY_S = 0.3
LEADER = "SELECT pid FROM pg_stat_activity WHERE application_name = 'madoguchi-leader'"


async def stands_by(candidate: Leadership) -> "asyncio.Task[None]":
    """Let *candidate* wait, and see that it does not lead."""
    waiting = asyncio.create_task(candidate.take())
    await asyncio.sleep(STANDS_BY_S)
    assert not waiting.done()
    return waiting


async def test_between_machines_the_second_leads_when_the_first_is_gone(
    database_url: str, tmp_path: Path
) -> None:
    first, second = (Leadership(tmp_path / f"{name}.lock", database_url) for name in "ab")
    await first.take()
    waiting = await stands_by(second)
    first.give_back()
    async with asyncio.timeout(5):
        await waiting
    second.give_back()


async def test_on_one_machine_nobody_needs_the_database_to_wait_for_the_other(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    private_postgres.stop()
    first, second = (Leadership(tmp_path / "leader.lock", private_postgres.url) for _ in range(2))
    await first.take()
    waiting = await stands_by(second)
    first.give_back()
    async with asyncio.timeout(5):
        await waiting
    second.give_back()
    await asyncio.to_thread(private_postgres.start)


async def test_from_afar_somebody_leads_only_when_nobody_has_led_for_a_while(
    database_url: str, tmp_path: Path
) -> None:
    """Race: beside Asterisk one controller follows another, and the lock is free for a moment."""
    first, next_one = (Leadership(tmp_path / "a.lock", database_url) for _ in range(2))
    far = Leadership(tmp_path / "b.lock", database_url, head_start_s=1.0)
    await first.take()
    waiting = await stands_by(far)
    first.give_back()
    await asyncio.sleep(0.3)
    async with asyncio.timeout(5):
        await next_one.take()
    await asyncio.sleep(1.3)
    assert not waiting.done()
    next_one.give_back()
    async with asyncio.timeout(5):
        await waiting
    assert far.has_database
    far.give_back()


async def test_from_afar_nobody_leads_without_the_database(private_postgres: Cluster, tmp_path: Path) -> None:
    """Race: the database restarts, and its lock is free before the leader, who goes on, has it back."""
    leader = Leadership(tmp_path / "a.lock", private_postgres.url)
    far = Leadership(tmp_path / "b.lock", private_postgres.url, head_start_s=2.5)
    await leader.take()
    waiting = await stands_by(far)
    keeping = asyncio.create_task(leader.keep())
    await asyncio.to_thread(private_postgres.stop)
    await asyncio.sleep(0.5)
    await asyncio.to_thread(private_postgres.start)
    await asyncio.sleep(3.5)
    assert not waiting.done()
    assert leader.has_database
    for task in (waiting, keeping):
        task.cancel()
    await asyncio.wait({waiting, keeping})
    for each in (leader, far):
        each.give_back()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.leadership.AGAIN_S", 0.05)


@pytest.mark.usefixtures("quick")
async def test_a_leader_who_loses_the_database_goes_on_and_gets_the_lock_back(
    database_url: str, pool: Pool, tmp_path: Path
) -> None:
    leader = Leadership(tmp_path / "a.lock", database_url)
    await leader.take()
    keeping = asyncio.create_task(leader.keep())
    before = await pool.fetchval(LEADER)
    await pool.execute("SELECT pg_terminate_backend($1)", before)
    async with asyncio.timeout(5):
        while await pool.fetchval(LEADER) in {None, before}:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    assert not keeping.done()
    rival = Leadership(tmp_path / "b.lock", database_url)
    waiting = await stands_by(rival)
    for task in (waiting, keeping):
        task.cancel()
    await asyncio.wait({waiting, keeping})
    for each in (leader, rival):
        each.give_back()
