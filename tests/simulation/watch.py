"""What must be true at every moment of a story: looked at again and again while it is played."""

import asyncio
import math
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from typing import Any

from telephony.entries import Entry
from telephony.model.ids import CallId, QueueName
from telephony.model.states import AgentState, CallState
from tests.simulation.controller import Life
from tests.simulation.world import World
from tests.unit.model import promises

LOOK_EVERY_S = 0.37
SILENCE_S = 3.0
CAUGHT_UP_S = 0.3


class Watch:
    """Looks at the living controller and writes down every broken promise."""

    def __init__(self, world: World, *, lossy: bool) -> None:
        self.broken: list[str] = []
        self._world = world
        self._lossy = lossy
        self._silent: defaultdict[CallId, float] = defaultdict(float)
        self._order: dict[QueueName, list[CallId]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        world.on_start = self._begins
        world.on_kill = self._ends
        self._spawn(self._look())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _say(self, what: str) -> None:
        text = f"{self._world.now():.3f} {what}"
        if what not in {each.partition(" ")[2] for each in self.broken}:
            self.broken.append(text)

    # --- at every moment -------------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            life = self._world.life
            if life is not None and life.board.connected.is_set():
                self._timers(life)
                self._model(life)
                self._silence(life)
            else:
                self._silent.clear()

    def _timers(self, life: Life) -> None:
        floor = life.model.floor
        at_work = {o.name for o in floor.roster if o.state is AgentState.AFTER_CALL}
        if life.timers.keys() != floor.calls.keys() | at_work:
            self._say(f"timers {sorted(life.timers)} for {sorted(floor.calls)} and {sorted(at_work)}")

    def _model(self, life: Life) -> None:
        for promise in (
            promises.nobody_has_two_calls,
            promises.the_line_holds_who_waits,
            promises.nobody_waits_while_somebody_is_free,
        ):
            try:
                promise(life)
            except AssertionError as error:
                self._say(f"{promise.__name__}: {error}")

    def _silence(self, life: Life) -> None:
        playing = {p.channel for each in self._world.server.stasis.playbacks.values() for p in each}
        for call in life.model.floor.calls.values():
            channel = self._world.server.channels.get(call.id)
            hears = channel is None or channel.music or channel.id in playing
            asks = call.self_service is not None and call.self_service.pending is not None
            if hears or not (call.state is CallState.WAITING or asks) or self._lossy:
                self._silent.pop(call.id, None)
                continue
            self._silent[call.id] += LOOK_EVERY_S
            if self._silent[call.id] > SILENCE_S:
                self._say(f"{call.id} waits in silence")

    # --- over a restart --------------------------------------------------------------------------------

    def _ends(self, life: Life) -> None:
        """Remember who waited in which order, of those whose place is on disk."""
        floor = life.model.floor
        on_disk = {call: _priority(entries) for call, entries in self._world.disk.unfinished().items()}
        durable = {call for call in floor.calls if on_disk.get(call) == floor.calls[call].priority}
        self._order = {
            queue: [call for call in floor.line.waiting(floor.now, queue) if call in durable]
            for queue in floor.queues
        }

    def _begins(self, life: Life) -> None:
        self._spawn(self._compare(life, self._order))

    async def _compare(self, life: Life, before: dict[QueueName, list[CallId]]) -> None:
        await life.board.connected.wait()
        floor = life.model.floor
        for queue, order in before.items():
            after = list(floor.line.waiting(floor.now, queue))
            kept = [call for call in order if call in after]
            if kept != [call for call in after if call in order]:
                self._say(f"order of {queue} before {order}, after {after}")


def _priority(entries: Sequence[Entry]) -> float | None:
    """Return with which priority the call stands in line by these entries; None for one that does not."""
    found = [entry.data["priority"] for entry in entries if entry.kind == "queue.entered"]
    return (math.inf if found[-1] is None else found[-1]) if found else None
