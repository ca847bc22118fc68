"""A controller in the test's own process on a real Asterisk, whose calendar stands at any date.

Timers, records and Asterisk keep the real time; only the question "is it open?" is put for another day. So a
test can call on New Year's Day without waiting for it.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from config.schema import Centre
from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.clock import SteadyClock
from telephony.engine import Engine
from telephony.model.calendar import Calendar
from telephony.model.centre import Centre as Model
from telephony.model.commands import DeskCommand, Record
from telephony.model.ids import Instant, QueueName, SoundId
from telephony.model.rulings import Override, Ruling
from telephony.public_holidays import japanese_holiday
from telephony.switchboard import Asterisk, Switchboard
from tests.asterisk_fixture import RunningAsterisk, small_centre, write_tone

JST = ZoneInfo("Asia/Tokyo")
TONES = {
    "greeting": 400,
    "recording-notice": 450,
    "menu": 500,
    "closed-day-off": 600,
    "closed-holiday": 700,
    "closed-year-end": 800,
    "closed-before-hours": 900,
    "closed-after-hours": 1_000,
    "closed-exception": 1_100,
    "next-opening": 1_300,
    "next-opening-today": 1_500,
    "call-again": 1_700,
    "emergency": 1_900,
}
"""Every prompt is a tone here, so that a telephone can tell which one it hears."""

HOURS = {
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:15"}],
    "public_holidays": True,
    "year_end": {},
}


def city_centre() -> Centre:
    """Return the small centre with the city's hours."""
    return Centre.model_validate(
        small_centre().model_dump(mode="json", exclude_defaults=True) | {"hours": HOURS}
    )


def write_tones(asterisk: RunningAsterisk) -> None:
    """Write the prompts."""
    for prompt, hertz in TONES.items():
        write_tone(asterisk.layout.sounds / f"{prompt}.sln16", seconds=0.7, hertz=hertz)


class Tones:
    """Says every prompt with its tone."""

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return the one sound."""
        del variables
        return (SoundId(prompt),)


class Moved:
    """A calendar that is asked as if it were another time. *shift_s* is added to every question."""

    def __init__(self, calendar: Calendar, shift_s: float) -> None:
        self._calendar, self._shift_s = calendar, shift_s

    def ruling(self, at: Instant, number: str | None = None, queue: QueueName | None = None) -> Ruling:
        return self._calendar.ruling(Instant(at + self._shift_s), number, queue)

    def is_open(self, at: Instant, number: str | None = None, queue: QueueName | None = None) -> bool:
        return self.ruling(at, number, queue).open

    def next_opening(
        self, at: Instant, number: str | None = None, queue: QueueName | None = None
    ) -> Instant | None:
        opens = self._calendar.next_opening(Instant(at + self._shift_s), number, queue)
        return None if opens is None else Instant(opens - self._shift_s)

    def local(self, at: Instant) -> datetime:
        return self._calendar.local(Instant(at + self._shift_s))


@dataclass
class Notes:
    """The journal, on paper."""

    records: list[Record] = field(default_factory=list)

    def write(self, *records: Record) -> None:
        self.records += records

    def ends(self) -> list[tuple[object, object, object]]:
        """Return outcome, ended by and reason of every call that is over."""
        ended = (record.data for record in self.records if record.kind == "call.ended")
        return [(data["outcome"], data["ended_by"], data["reason"]) for data in ended]


class NobodyLooks:
    """A desk without anybody at it."""

    def show(self, command: DeskCommand) -> None:
        pass


@dataclass
class Controller:
    """The running controller."""

    engine: Engine
    notes: Notes

    def stand_at(self, text: str, *overrides: Override) -> None:
        """Let the calendar stand at *text* (``2027-01-01T10:00:00``) now."""
        floor = self.engine.centre.floor
        then = datetime.fromisoformat(text).replace(tzinfo=JST).timestamp()
        calendar = Calendar(floor.plan.hours, JST, japanese_holiday, overrides)
        floor.calendar = cast("Calendar", Moved(calendar, then - self.engine.now()))


@asynccontextmanager
async def controller(asterisk: RunningAsterisk) -> AsyncIterator[Controller]:
    """Drive the calls of *asterisk*."""
    async with Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password) as ari:
        manager = Manager(("127.0.0.1", asterisk.ami_port), asterisk.user, asterisk.ami_password)
        control, notes = Control(ari, manager), Notes()
        model = Model(city_centre(), Tones(), random.Random(1), holidays=japanese_holiday)
        engine = Engine(model, control, notes, NobodyLooks(), SteadyClock().now)
        board = Switchboard(Asterisk(ari, manager, control), engine, notes, {})
        running = asyncio.create_task(board.run(), name="switchboard")
        async with asyncio.timeout(10):
            await board.connected.wait()
        yield Controller(engine, notes)
        running.cancel()
        await asyncio.wait({running})
        engine.close()
