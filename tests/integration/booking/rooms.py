"""A centre with the booking's other rooms on a real database: cases, Q&A, referrals, outreach."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from booking.outreach.gate import calendar_of
from booking.rooms import Rooms, open_rooms
from config.loading import parse_centre
from config.schema import Centre
from storage import Pool, open_pool
from telephony.engine import Engine
from telephony.model.events import Event
from telephony.model.ids import AgentName, Instant
from telephony.model.outreach.shape import Obstacle
from tests.integration.agents.centre import Running, running_centre
from tests.integration.booking.office import Clock, Notes
from tests.unit.config.test_sample import SAMPLE

MY_NUMBER = "123456789018"
"""Twelve digits whose last one checks the others."""


def sample_plan(old: str = "", new: str = "") -> Centre:
    """Return the sample centre, with *old* replaced by *new*."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    return parse_centre(text.replace(old, new, 1) if old else text, SAMPLE)


@dataclass
class RoomsCentre:
    """Everything that a test may want to touch."""

    running: Running
    rooms: Rooms
    pool: Pool
    clock: Clock
    calls: Notes
    plans: list[Centre]
    closed: list[str]
    """Why nobody is called now, as the disaster mode; empty when the hours decide."""

    def plan(self) -> Centre:
        """Return what is in force."""
        return self.plans[-1]


class LateEngine:
    """The real engine, which is made after the rooms."""

    engine: Engine

    def obstacle(self, agent: AgentName) -> Obstacle | None:
        """Ask it."""
        return self.engine.obstacle(agent)

    def ask(self, event: Event) -> None:
        """Ask it."""
        self.engine.ask(event)


@asynccontextmanager
async def rooms_centre(database: str, home: Path) -> AsyncIterator[RoomsCentre]:
    """Run one."""
    pool = await open_pool(database, name="rooms-test", size=8)
    clock, calls, plans = Clock(), Notes(), [sample_plan()]
    closed: list[str] = []

    def open_now() -> bool:
        return not closed and calendar_of(plans[-1]).is_open(Instant(clock.now.timestamp()))

    telephones = LateEngine()
    rooms = open_rooms(pool, lambda: plans[-1], clock, calls, telephones=telephones, open_now=open_now)
    async with running_centre(database, home, rooms.routes()) as running:
        telephones.engine = running.floor.engine
        yield RoomsCentre(running, rooms, pool, clock, calls, plans, closed)
    await pool.close()


async def said(answer: aiohttp.ClientResponse) -> tuple[int, dict[str, Any]]:
    """Return status and content of an answer."""
    return answer.status, await answer.json(content_type=None)
