"""Changes that only inform, gathered for a moment: a burst of calls costs one message for each thing."""

import asyncio
from collections.abc import Callable

from telephony.model.ids import AgentName, CallId, QueueName

FLOOR_S = 0.1
"""Whoever watches the floor sees calls and people move as they do."""

OPERATORS_S = 1.0
"""How many wait is read now and then while one talks. With thirty screens this was half of all messages."""


class Gathering:
    """What changed since *publish* was last called; it is called at most every *every_s* seconds."""

    def __init__(self, publish: Callable[["Gathering"], None], every_s: float) -> None:
        self.calls: set[CallId] = set()
        self.agents: set[AgentName] = set()
        self.queues: set[QueueName] = set()
        self._publish, self._every_s = publish, every_s
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
            await asyncio.sleep(self._every_s)
            self._something.clear()
            self._publish(self)
            for gathered in (self.calls, self.agents, self.queues):
                gathered.clear()
