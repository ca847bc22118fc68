"""One life of the controller on the simulated Asterisk: the real parts, joined as in the real one."""

import asyncio
import math
import random
from collections.abc import Callable, Sequence

from config.schema import Agent
from config.schema import Centre as Plan
from telephony import recovery
from telephony.asterisk.control import Control
from telephony.engine import Engine
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.commands import DeskCommand
from telephony.model.floor import Voice
from telephony.model.ids import Instant
from telephony.switchboard import Asterisk, Switchboard
from tests.simulation.asterisk.server import SimulatedAsterisk
from tests.simulation.booking import BookingErrands, TownBooking
from tests.simulation.journal import Disk, SimulatedJournal
from tests.simulation.wire import SimulatedAri, SimulatedManager, Wire

Show = Callable[[DeskCommand], None]


class Screens:
    """The desk: hands everything on to the people of the story."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def show(self, command: DeskCommand) -> None:
        """Show it."""
        self._show(command)


class Listening(asyncio.Event):
    """Set while the controller hears Asterisk; remembers since and until when."""

    def __init__(self, wall: Callable[[], float]) -> None:
        super().__init__()
        self._wall = wall
        self.spells: list[tuple[float, float]] = []

    def set(self) -> None:
        """Begin."""
        if not self.is_set():
            self.spells.append((self._wall(), math.inf))
        super().set()

    def clear(self) -> None:
        """End."""
        if self.is_set():
            self.spells[-1] = (self.spells[-1][0], self._wall())
        super().clear()


class Life:
    """A controller from its start to its death. *roster* signs in as the journal says, else not at all."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything a controller stands on
        self,
        server: SimulatedAsterisk,
        disk: Disk,
        plan: Plan,
        voice: Voice,
        roster: Sequence[Agent],
        chance: random.Random,
        show: Show,
        booking: TownBooking,
    ) -> None:
        self.wire = Wire(server)
        self.journal = SimulatedJournal(disk)
        ari, manager = SimulatedAri(self.wire), SimulatedManager(self.wire)
        control = Control(ari, manager)
        self.model = Model(plan, voice, chance, first_id=round(server.wall() * 1_000))
        self.errands = BookingErrands(booking)
        self.engine = Engine(
            self.model,
            control,
            self.journal,
            Screens(show),
            lambda: Instant(server.wall()),
            errands=self.errands,
        )
        self.errands.submit = self.engine.submit
        unfinished = disk.unfinished()
        self.board = Switchboard(
            Asterisk(ari, manager, control), self.engine, self.journal, unfinished, wall_clock=server.wall
        )
        self.listening = self.board.connected = Listening(server.wall)
        self.engine.submit(ev.RosterChanged(tuple(roster)))
        known = {agent.name for agent in roster}
        for event in recovery.duties(disk.latest_of_agents()):
            if event.agent in known:
                self.engine.submit(event)
        self.task = asyncio.create_task(self.board.run(), name="switchboard")

    @property
    def timers(self) -> dict[str, asyncio.TimerHandle]:
        """The engine's armed timers by owner."""
        return self.engine._timers  # noqa: SLF001 - nothing but a promise about timers needs them

    def kill(self) -> None:
        """Die as ``kill -9`` does: what is under way arrives, what was not written is lost."""
        self.listening.clear()
        self.journal.die()
        self.errands.die()
        self.wire.die()
        self.task.cancel()
        self.engine.close()

    async def stop(self) -> None:
        """End in peace."""
        self.task.cancel()
        await asyncio.wait([self.task])
        self.engine.close()
