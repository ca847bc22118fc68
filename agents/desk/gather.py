"""Changes that only inform, gathered for a moment: a burst of calls costs one message for each thing."""

import asyncio
from collections.abc import Callable

from telephony.model.ids import AgentName, CallId, QueueName

GATHER_S = 0.2
"""Below what a person notices on a screen, and long against the milliseconds between events of one call."""


class Gathering:
    """What changed since *publish* was last called."""

    def __init__(self, publish: Callable[["Gathering"], None]) -> None:
        self.calls: set[CallId] = set()
        self.agents: set[AgentName] = set()
        self.queues: set[QueueName] = set()
        self._publish = publish
        self._something = asyncio.Event()

    def note_call(self, call: CallId) -> None:
        """This call changed."""
        self.calls.add(call)
        self._something.set()

    def note_agent(self, agent: AgentName) -> None:
        """This operator changed."""
        self.agents.add(agent)
        self._something.set()

    def note_queue(self, queue: QueueName) -> None:
        """This queue changed."""
        self.queues.add(queue)
        self._something.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            await self._something.wait()
            await asyncio.sleep(GATHER_S)
            self._something.clear()
            self._publish(self)
            for gathered in (self.calls, self.agents, self.queues):
                gathered.clear()
