"""A centre with the real booking on a real database, and a clock that a test sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from booking.office import Office, open_office
from booking.shapes import Who
from booking.web.rules import booking_routes
from config.schema.booking import Booking
from storage import Pool, open_pool
from telephony.record import JST
from tests.integration.agents.centre import Running, running_centre

MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=JST)
WEEK = ["mon", "tue", "wed", "thu", "fri"]
CITIZEN = {"name": "松阪 花子", "kana": "マツサカ ハナコ", "phone": "090-1234-5678"}


def booking_plan(**changes: Any) -> Booking:
    """Return a small plan: the city hall with one counter of two desks, and a branch with one desk."""
    hours = [{"days": WEEK, "opens": "09:00", "closes": "10:00"}]

    def venue(name: str, title: str, desks: int) -> dict[str, Any]:
        counter = {"name": "card", "title": "窓口", "desks": desks, "services": ["collection", "pin"]}
        return {"name": name, "title": title, "address": "松阪市", "hours": hours, "counters": [counter]}

    plan: dict[str, Any] = {
        "most_people": 3,
        "channels": [
            {"name": "operator", "horizon_days": 8, "lead_s": 600},
            {"name": "city", "share": 0.5, "horizon_days": 8},
        ],
        "services": [
            {"name": "collection", "title": "受取", "minutes": 30, "bring": ["交付通知書"]},
            {"name": "pin", "title": "暗証番号の再設定", "minutes": 15},
        ],
        "venues": [venue("koseki", "戸籍住民課", 2), venue("ureshino", "嬉野地域振興局", 1)],
    }
    return Booking.model_validate(plan | changes)


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def on(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)


class Notes:
    """Calls that exist, and what was noted in them."""

    def __init__(self) -> None:
        self.known = {"call-1", "1764137982.30"}
        self.operators: dict[str, str] = {}
        self.noted: list[tuple[str, str]] = []
        self.written: list[tuple[str, str, str]] = []

    async def is_of(self, call: str, who: Who) -> bool:
        operator = self.operators.get(call, who.user)
        return call in self.known and (operator == who.user or who.sees_all_calls)

    def write_down(self, call: str, by: str, text: str) -> None:
        self.written.append((call, by, text))

    def note(self, call: str, reservation: str) -> None:
        self.noted.append((call, reservation))

    async def caller_of(self, call: str) -> str | None:
        return "+819012345678" if call == "call-1" else None

    def note_answer(self, call: str, number: str, version: int) -> None:
        self.noted.append((call, f"{number}/{version}"))

    def note_referral(self, call: str, referral: str, how: str) -> None:
        self.noted.append((call, f"{referral} {how}"))

    def note_case(self, call: str, case: str) -> None:
        self.noted.append((call, case))


@dataclass
class BookingCentre:
    """Everything that a test may want to touch."""

    database: str
    running: Running
    office: Office
    pool: Pool
    clock: Clock
    calls: Notes
    plan: list[Booking] = field(default_factory=list)

    async def keep_slots(self) -> int:
        """Bring the slots up to date with the plan."""
        return await self.office.slots.keep(JST)

    async def slot(self, client: aiohttp.ClientSession, **query: str) -> dict[str, Any]:
        """Return the first slot of a query."""
        answer = await client.get("/api/slots", params={"service": "collection", "venue": "koseki"} | query)
        assert answer.status == 200, await answer.text()
        first: dict[str, Any] = (await answer.json())["slots"][0]
        return first


@asynccontextmanager
async def booking_centre(
    database: str, home: Path, plan: Booking | None = None, port: int = 0
) -> AsyncIterator[BookingCentre]:
    """Run one, with slots for the horizon."""
    pool = await open_pool(database, name="booking-test", size=8, lean=True)
    clock, calls, plans = Clock(), Notes(), [plan or booking_plan()]
    office = open_office(pool, lambda: plans[-1], clock, calls)
    async with running_centre(database, home, booking_routes(office), port) as running:
        centre = BookingCentre(database, running, office, pool, clock, calls, plans)
        await centre.keep_slots()
        yield centre
    await pool.close()
