"""The controller and the verbs of a scenario: somebody calls, a telephone does this, that is written.

The controller is the real one, joined as in ``madoguchi.controller``; only what is at the other end of its
connections differs. Everything waits for facts of the journal, so nothing here knows how long anything takes.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from telephony import recovery
from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.engine import Engine
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.commands import DeskCommand, Record
from telephony.model.ids import AgentName, CallId, Instant
from telephony.switchboard import Asterisk, Switchboard
from tests.scenarios.plan import PEOPLE, Voice, plan
from tests.simulation.booking import BookingErrands, TownBooking
from tests.simulation.journal import Disk
from tests.simulation.phones import Behaviour

LIMIT_S = 20
TOLD = ("menu", "key", "queue", "position", "agent", "result", "outcome", "ended_by", "reason")
"""What of a fact is compared: no times, no numbers of legs and offers."""


class Person(Protocol):
    """A citizen on the telephone."""

    def press(self, keys: str) -> None:
        """Press keys one after another."""

    def leave(self) -> None:
        """Hang up, however far the call is."""


class Town(Protocol):
    """Everything at the other end: an Asterisk with its clock, citizens and operators' telephones."""

    @property
    def clock(self) -> tuple[Callable[[], Instant], Callable[[], float]]:
        """The engine's clock, and the one that Asterisk's timestamps agree with."""

    def connect(self) -> "AsyncIterator[tuple[Ari, Manager]]":
        """Yield a controller's connections; afterwards they are broken."""

    def call(self, number: str, dialled: str) -> Person:
        """Let somebody call."""

    async def phone(self, extension: str, behaviours: Sequence[Behaviour]) -> None:
        """Register a telephone that does these things with its calls, one after another."""


class Facts:
    """The journal: keeps everything, and lets others wait for it."""

    def __init__(self) -> None:
        self.disk = Disk()
        self.all: list[Record] = []
        self._news = asyncio.Event()

    def write(self, *records: Record) -> None:
        """Take facts."""
        self.disk.append(records)
        self.all += records
        self._news.set()
        self._news = asyncio.Event()

    async def until(self, wanted: Callable[[Record], bool]) -> Record:
        """Return the first fact that is *wanted*, also one that came before."""
        async with asyncio.timeout(LIMIT_S):
            while (found := next(filter(wanted, self.all), None)) is None:
                await self._news.wait()
        return found


class NoScreens:
    """Nobody looks at a desk here."""

    def show(self, command: DeskCommand) -> None:
        """Show nothing."""


@dataclass
class OneCall:
    """A call and whoever made it."""

    stage: "Stage"
    person: Person
    id: CallId

    async def wrote(self, kind: str, **data: object) -> Record:
        """Wait until such a fact about this call is written, and return it."""

        def wanted(record: Record) -> bool:
            matches = all(record.data.get(name) == value for name, value in data.items())
            return record.stream == f"call:{self.id}" and record.kind == kind and matches

        return await self.stage.facts.until(wanted)

    async def ends(self) -> list[str]:
        """Wait for the end and return everything that was written about this call, without its times."""
        await self.wrote("call.ended")
        return [_told(record) for record in self.stage.facts.all if record.stream == f"call:{self.id}"]


class Stage:
    """One scenario's centre. *missing* is a prompt whose sound does not exist."""

    def __init__(self, town: Town, *, missing: str | None = None) -> None:
        self.facts = Facts()
        self.booking = TownBooking()
        self._town = town
        self._voice = Voice(missing)
        self._life = AsyncExitStack()

    async def start(self) -> None:
        """Start a controller; it takes over what an earlier one left."""
        await self._life.enter_async_context(self._running())

    async def kill(self) -> None:
        """End it. Calls stay up: Asterisk holds them."""
        await self._life.aclose()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have a controller while the block runs."""
        await self.start()
        try:
            yield
        finally:
            await self.kill()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        now, wall = self._town.clock
        async with asynccontextmanager(self._town.connect)() as (ari, manager):
            control = Control(ari, manager)
            model = Model(plan(), self._voice, random.Random(1), first_id=round(wall() * 1_000))
            errands = BookingErrands(self.booking)
            self._engine = Engine(model, control, self.facts, NoScreens(), now, errands=errands)
            errands.submit = self._engine.submit
            unfinished = self.facts.disk.unfinished()
            parts = Asterisk(ari, manager, control)
            board = Switchboard(parts, self._engine, self.facts, unfinished, wall_clock=wall)
            self._engine.submit(ev.RosterChanged(PEOPLE))
            for event in recovery.duties(self.facts.disk.latest_of_agents()):
                self._engine.submit(event)
            task = asyncio.create_task(board.run())
            try:
                async with asyncio.timeout(LIMIT_S):
                    await board.connected.wait()
                yield
            finally:
                task.cancel()
                await asyncio.wait([task])
                self._engine.close()
                errands.die()

    def ask(self, event: ev.Event) -> None:
        """Ask for something, as a person at a screen does."""
        self._engine.ask(event)

    async def operator(self, name: str, *behaviours: Behaviour) -> None:
        """Let an operator sign in with a telephone that does these things, and be ready."""
        extension = next(agent.extension for agent in PEOPLE if agent.name == name)
        await self._town.phone(extension, behaviours)
        async with asyncio.timeout(LIMIT_S):
            while not self._registered(name):  # noqa: ASYNC110 - the model tells nobody of telephones
                await asyncio.sleep(0.01)
        self._engine.ask(ev.AgentReadied(AgentName(name)))

    def _registered(self, name: str) -> bool:
        view = self._engine.agent_view(AgentName(name))
        return view is not None and view.registered

    async def call(self, number: str = "09011112222", dialled: str = "0120000000") -> OneCall:
        """Let somebody call, and wait until the call is here."""
        return await self.arrival(self.dial(number, dialled), number)

    def dial(self, number: str = "09011112222", dialled: str = "0120000000") -> Person:
        """Let somebody call."""
        return self._town.call(number, dialled)

    async def arrival(self, person: Person, number: str = "09011112222") -> OneCall:
        """Wait until the call of *person* is here."""
        caller = f"+81{number[1:]}"
        arrived = await self.facts.until(lambda r: r.kind == "call.arrived" and r.data["caller"] == caller)
        return OneCall(self, person, CallId(arrived.stream.removeprefix("call:")))


def _told(record: Record) -> str:
    words = [str(record.data[name]) for name in TOLD if record.data.get(name) is not None]
    return " ".join([record.kind, *words])
