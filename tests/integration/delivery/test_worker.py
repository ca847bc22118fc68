"""The worker tells city and citizens as ``centre.toml`` says; ``madoguchi deliveries`` shows what waits."""

import asyncio
import json
from functools import partial
from pathlib import Path

import pytest

from booking.outgoing.surroundings import Surroundings
from config.settings import Settings
from madoguchi.booking_jobs import booking_jobs
from telephony.worker import Work, run
from tests.integration.commands import commands
from tests.integration.delivery.city import Connected, connected
from tests.receiver.running import receiver
from tests.unit.config.test_sample import SAMPLE


async def test_the_worker_follows_another_centre_toml_and_the_command_line_shows_what_waits(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    rules = {"adapter": "http", "url": "http://127.0.0.1:9/"}
    async with receiver(tmp_path) as city, connected(database_url, tmp_path, **rules) as centre:
        made = await centre.book(email="hanako@example.jp", consent=["email"])
        around = partial(Surroundings, clock=centre.booking.clock)
        monkeypatch.setattr("madoguchi.booking_jobs.Surroundings", around)
        command = commands(centre.booking.running, tmp_path, monkeypatch, capfd)
        assert made["id"] in (await command("deliveries"))[1]
        settings = Settings.from_environment({"MADOGUCHI_HOME": str(tmp_path)})
        settings.layout.published_plan.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            work = Work.of(settings.layout, database_url)
            group.create_task(run(work, stop, partial(booking_jobs, settings)))
            _publish(settings.layout.published_plan, city.url)
            await _until_delivered(centre)
            letter = await _first_file(settings.layout.citizen_messages)
            stop.set()
        assert json.loads(letter.read_text(encoding="utf-8"))["to"] == "hanako@example.jp"
        assert "There are no such deliveries." in (await command("deliveries"))[1]
        assert made["id"] in (await command("deliveries", "--state", "delivered"))[1]


def _publish(file: Path, url: str) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    beside = file.with_suffix(".new")
    connected_one = f'\nadapter = "http"\nurl = "{url}"'
    beside.write_text(text.replace('\nadapter = "none"', connected_one, 1), encoding="utf-8")
    beside.replace(file)


async def _first_file(folder: Path) -> Path:
    async with asyncio.timeout(15):
        while not (found := list(folder.glob("*.json"))):  # noqa: ASYNC110, ASYNC240 -- the disk says it
            await asyncio.sleep(0.05)
    return found[0]


async def _until_delivered(centre: Connected) -> None:
    async with asyncio.timeout(15):
        while set((await centre.states()).values()) != {"delivered"}:  # noqa: ASYNC110 -- the database says it
            await asyncio.sleep(0.05)
