"""The town on the simulated Asterisk."""

import random
from collections.abc import AsyncIterator, Callable, Sequence

from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager
from telephony.model.ids import Instant
from tests.scenarios.plan import SHORT, SHORT_S
from tests.scenarios.stage import Person
from tests.simulation.asterisk.server import SimulatedAsterisk
from tests.simulation.callers import Caller
from tests.simulation.network import Network, Weather
from tests.simulation.phones import Behaviour, Phone, RingOut
from tests.simulation.wire import SimulatedAri, SimulatedManager, Wire
from tests.simulation.world import EPOCH


class SimulatedTown:
    """See `tests.scenarios.stage.Town`. *now* are a virtual loop's seconds, *client* makes the ARI client."""

    def __init__(
        self, now: Callable[[], float], client: Callable[[Wire], SimulatedAri] = SimulatedAri
    ) -> None:
        self._now = now
        self.client = client
        network = Network(random.Random(1), Weather())
        self.server = SimulatedAsterisk(network, self._wall, {SHORT: SHORT_S})

    def _wall(self) -> float:
        return EPOCH + self._now()

    @property
    def clock(self) -> tuple[Callable[[], Instant], Callable[[], float]]:
        """The same clock twice: here none jumps."""
        return lambda: Instant(self._wall()), self._wall

    async def connect(self) -> AsyncIterator[tuple[Ari, Manager]]:
        """Yield connections that break as those of a killed process do."""
        self.wire = Wire(self.server)
        self.ari = self.client(self.wire)
        yield self.ari, SimulatedManager(self.wire)
        self.wire.die()

    def call(self, number: str, dialled: str) -> Person:
        """Let somebody call."""
        caller = Caller(self.server, number)
        caller.dial(dialled)
        return caller

    async def phone(self, extension: str, behaviours: Sequence[Behaviour]) -> None:
        """Register a telephone."""
        coming = iter(behaviours)
        Phone(self.server, extension, lambda _: next(coming, RingOut())).register()
