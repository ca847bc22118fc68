"""Publishing with a real disk and database; a stand-in for Asterisk takes or refuses what it is told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.schema import Agent
from config.settings import Settings
from dialplan import Finding, write_files
from dialplan.render import render
from madoguchi.publication.assembly import Running, in_force, open_publication
from madoguchi.publication.candidate import Candidate
from madoguchi.publication.publication import Publication
from madoguchi.publication.routes import ConfigRoutes
from madoguchi.publication.starting import put_in_force
from madoguchi.publishing import InForce, Published
from storage import Pool, open_pool
from tests.unit.dialplan.small import SECRETS, agent, settings

GOOD = Path(__file__).parents[2] / "unit" / "config" / "good.toml"
ROSTER = (agent("201"), agent("202"))


@dataclass
class StandIn:
    """Writes the files and remembers what it was told; *refusals* are its next answers."""

    place: Settings
    told: list[InForce] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def put(self, wanted: InForce, agents: Sequence[Agent], *, anew: bool = False) -> Published:
        """Take it, or refuse it."""
        del anew
        self.told.append(wanted)
        self.asked.set()
        await self.gate.wait()
        files = render(wanted.plan, agents, self.place, SECRETS, wanted.custom)
        changed = write_files(self.place.layout.asterisk_etc, files, None)
        failures = (self.refusals.pop(0),) if self.refusals else ()
        return Published(changed, frozenset(), failures)

    async def catch_up(self, wanted: InForce, agents: Sequence[Agent]) -> None:
        """Lack nothing: tests of what a real Asterisk lacks are in ``tests/integration/dialplan``."""


@dataclass
class Room:
    """Everything that a test may want to touch."""

    place: Settings
    pool: Pool
    asterisk: StandIn
    publication: Publication
    routes: ConfigRoutes
    now: list[InForce]
    restarts: list[bool]
    faults: list[Exception]
    """What the controller stumbles over when it takes up another plan."""

    def edit(self, *changes: tuple[str, str], custom: str | None = None) -> None:
        """Edit the files: each change replaces some text."""
        text = GOOD.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        self.place.centre_file.write_text(text)
        self.place.custom_folder.mkdir(exist_ok=True)
        if custom is not None:
            (self.place.custom_folder / "own.conf").write_text(custom)


@asynccontextmanager
async def config_room(database: str, folder: Path) -> AsyncIterator[Room]:
    """Make one in *folder*, in which version 1 is in force."""
    place = _furnished(folder)
    pool = await open_pool(database, name="test")
    now, asterisk = [in_force(place)], StandIn(place)
    restarts: list[bool] = []
    faults: list[Exception] = []

    async def adopt(new: InForce) -> None:
        now.append(new)
        if faults:
            raise faults.pop()

    async def try_out(found: Candidate) -> Sequence[Finding]:
        """Take everything: the real one is tried in ``tests.integration.dialplan``."""
        del found
        return ()

    running = Running(
        asterisk, lambda: ROSTER, lambda: now[-1], adopt, lambda: restarts.append(True), try_out
    )
    await asterisk.put(now[-1], ROSTER)
    asterisk.told.clear()
    asterisk.asked.clear()
    publication, routes = open_publication(place, SECRETS, pool, running)
    try:
        yield Room(place, pool, asterisk, publication, routes, now, restarts, faults)
    finally:
        await pool.close()


def _furnished(folder: Path) -> Settings:
    folder.mkdir()
    place = replace(
        settings(folder / "home"), centre_file=folder / "centre.toml", custom_folder=folder / "custom"
    )
    place.centre_file.write_text(GOOD.read_text())
    place.layout.asterisk_etc.mkdir(parents=True)
    put_in_force(place)
    return place
