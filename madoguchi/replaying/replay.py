"""Compares where every call of a day goes with one configuration and with another.

Runs in a process of its own (``python -m madoguchi.replaying``): a day of calls takes the model seconds that
the controller does not have.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from config.loading import parse_centre
from config.schema import Agent, Centre
from madoguchi.explaining import Asked
from madoguchi.explaining.destination import Destinations
from madoguchi.explaining.script import Script
from madoguchi.hours.entries import Entry
from madoguchi.priority import BEHIND
from madoguchi.replaying.traffic import PastCall
from sounds import catalogue
from telephony.model.ids import Instant

LIMIT_S = 120.0


class Question(BaseModel):
    """Two texts of ``centre.toml``, who answers, and the day."""

    present: str
    proposed: str
    roster: tuple[Agent, ...]
    calls: tuple[PastCall, ...]
    entries: tuple[Entry, ...]


class Moved(BaseModel):
    """A call that would have gone elsewhere."""

    id: str
    at: datetime
    caller: str | None
    dialled: str
    keys: tuple[str, ...]
    before: str
    after: str


class Replayed(BaseModel):
    """How many calls there were, and which would have gone elsewhere."""

    calls: int
    elsewhere: tuple[Moved, ...]


class ReplayFailed(Exception):
    """The replay came to no end; the message says why."""


def replay(question: Question) -> Replayed:
    """Play every call twice. Raises `ConfigError` for a text with mistakes."""
    present, proposed = (
        parse_centre(text, Path("centre.toml")) for text in (question.present, question.proposed)
    )
    before, after = (_destinations(plan, question.roster) for plan in (present, proposed))
    zone = ZoneInfo(present.timezone)
    overrides = tuple(entry.override() for entry in question.entries)

    def moved() -> Iterator[Moved]:
        for call in question.calls:
            asked = Asked(call.caller, call.dialled, Instant(call.at), call.keys, overrides=overrides)
            was, would_be = before.of(asked), after.of(asked)
            if was != would_be:
                at = datetime.fromtimestamp(call.at, zone)
                yield Moved(**call.model_dump(exclude={"at"}), at=at, before=was, after=would_be)

    return Replayed(calls=len(question.calls), elsewhere=tuple(moved()))


def _destinations(plan: Centre, roster: tuple[Agent, ...]) -> Destinations:
    levels = {level.name for level in plan.levels}
    return Destinations(plan, [each for each in roster if each.level in levels], Script(catalogue.load(plan)))


async def replay_beside(question: Question) -> Replayed:
    """Replay in a process of its own. Raises `ReplayFailed`."""
    process = await asyncio.create_subprocess_exec(
        *(*BEHIND, sys.executable, "-m", "madoguchi.replaying"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            said, complaint = await process.communicate(question.model_dump_json().encode())
    except TimeoutError as error:
        raise ReplayFailed(f"The replay took longer than {LIMIT_S:.0f} s.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise ReplayFailed(complaint.decode(errors="replace").strip().splitlines()[-1])
    return Replayed.model_validate_json(said)
