"""Alerts about what is stored, on a real database and a real spool, seen at a desk."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from booking.wording import japanese_time
from madoguchi.alerts.log_lines import LogLines
from madoguchi.alerts.rules import RULES
from madoguchi.alerts.sources import Sources
from madoguchi.alerts.watching import Watching
from storage import migrate, open_pool
from telephony.journal import Journal
from tests.integration.agents.centre import Running, running_centre
from tests.journal_samples import answered_call
from tests.postgres_fixture import Cluster

OF_STORAGE = [rule for rule in RULES if rule.key in {"database.unreachable", "spool.deep"}]
"""The machine that tests run on may be short of disk; that is no matter here."""


@asynccontextmanager
async def watched(centre: Running, database: str, folder: Path) -> AsyncIterator[Journal]:
    """Watch what *centre* stores, with a journal that nothing drains."""
    pool = await open_pool(database, name="test")
    journal = Journal(folder / "spool.sqlite")
    plan = centre.parts.plan
    sources = Sources(
        engine=centre.floor.engine,
        journal=journal,
        trail=centre.parts.trail,
        pool=pool,
        plan=plan,
        clock=japanese_time,
        home=folder,
        lines=LogLines(folder / "messages.log", time.monotonic),
    )
    work = Watching(centre.parts.desk.alerts, plan, OF_STORAGE).run(sources)
    watching = asyncio.create_task(work)
    yield journal
    watching.cancel()
    await asyncio.wait({watching})
    await journal.close()
    await pool.close()


async def test_a_database_that_is_away_opens_an_alert_and_closes_it_when_it_is_back(
    private_postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.alerts.watching.LOOK_EVERY_S", 0.05)
    await migrate(private_postgres.url)
    async with (
        running_centre(private_postgres.url, tmp_path) as centre,
        centre.signed_in("sato") as browser,
        centre.desk(browser) as desk,
        watched(centre, private_postgres.url, tmp_path),
    ):
        assert (await desk.next("snapshot"))["alerts"] == []
        private_postgres.stop()
        opened = await desk.next("alert")
        assert (opened["key"], opened["severity"]) == ("database.unreachable", "critical")
        assert opened["closed_at"] is None
        assert 'key="database.unreachable"' in await metrics(centre)
        async with centre.desk(browser) as late:
            (shown,) = (await late.next("snapshot"))["alerts"]
            assert shown["key"] == "database.unreachable"
        private_postgres.start()
        assert (await desk.next("alert"))["closed_at"] is not None
        assert "madoguchi_alerts{" not in await metrics(centre)


async def test_a_deep_spool_opens_an_alert(
    centre: Running, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.alerts.watching.LOOK_EVERY_S", 0.05)
    async with (
        centre.signed_in("tanaka") as browser,
        centre.desk(browser) as desk,
        watched(centre, database_url, tmp_path) as journal,
    ):
        for number in range(100):
            for record in answered_call(f"call-{number}").records:
                journal.write(record)
        await journal.flush()
        alert = await desk.next("alert")
        assert (alert["key"], alert["severity"], alert["runbook"]) == ("spool.deep", "warning", "spool-deep")


async def metrics(centre: Running) -> str:
    """Return what Prometheus reads."""
    async with centre.client() as client:
        return await (await client.get("/metrics")).text()
