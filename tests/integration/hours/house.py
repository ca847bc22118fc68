"""The hours' addresses on a real server and database, with a calendar that a test can look into."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.layout import Layout
from config.schema import Centre
from madoguchi.hours.book import Book
from madoguchi.hours.routes import HoursParts, HoursRoutes
from storage import open_pool
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant
from telephony.model.rulings import Override
from telephony.public_holidays import japanese_holiday
from tests.integration.agents.centre import Running, running_centre
from tests.unit.model.plans import plan

JST = ZoneInfo("Asia/Tokyo")


@dataclass
class House:
    """The server, and what its routes stand on."""

    layout: Layout
    plan: Centre
    running: Running | None = None
    overrides: tuple[Override, ...] = ()
    emergencies: list[str | None] = field(default_factory=list)

    @property
    def served(self) -> Running:
        assert self.running is not None
        return self.running

    def calendar(self) -> Calendar:
        return Calendar(self.plan.hours, JST, japanese_holiday, self.overrides)

    def take(self, standing: tuple[Override, ...]) -> None:
        self.overrides = standing


@asynccontextmanager
async def furnished_house(database: str, folder: Path) -> AsyncIterator[House]:
    """Run one."""
    house = House(Layout(folder), plan(hours={"public_holidays": True, "year_end": {}}))
    house.layout.sounds.mkdir()
    house.layout.emergency_flag.parent.mkdir(parents=True)
    (house.layout.sounds / "emergency.sln16").touch()
    pool = await open_pool(database, name="test")
    parts = HoursParts(
        layout=house.layout,
        plan=lambda: house.plan,
        calendar=house.calendar,
        now=lambda: Instant(datetime.now(UTC).timestamp()),
        book=Book(house.layout.overrides_file, pool, house.take),
        sayable=lambda prompt: prompt == "typhoon",
        emergency_changed=house.emergencies.append,
    )
    async with running_centre(database, folder, HoursRoutes(parts).routes()) as running:
        house.running = running
        yield house
    await pool.close()
