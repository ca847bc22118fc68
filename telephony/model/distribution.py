"""Which ready operator is offered a call (R2).

The index of all who can be offered one now, kept per queue by that queue's strategy. It must never know why
an operator is ready or what becomes of the offer; it reads no clock, and chance comes from outside.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from config.schema import Strategy
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.line import Seat
from telephony.model.loads import Loads
from telephony.model.ready import Crew, Ready
from telephony.model.strategies import POLICIES, Facts


class ReadyOperators:
    """Operators who can be offered a call, in the tiers of the queues they serve.

    *roster* is the order that linear and rrordered follow. When queues, strategies or roster change, make a
    new one and add those who are ready.
    """

    def __init__(
        self,
        strategies: Mapping[QueueName, Strategy],
        roster: Sequence[AgentName],
        loads: Loads,
        rng: random.Random,
    ) -> None:
        self._loads = loads
        self._arrivals: dict[AgentName, int] = {}
        places = {agent: place for place, agent in enumerate(roster)}
        self._cover = dict.fromkeys(strategies, 0)
        facts = Facts(loads, self._cover, rng, places, self._arrivals)
        self._policies = {queue: POLICIES[name](queue, facts) for queue, name in strategies.items()}
        self._keeping = {queue: policy for queue, policy in self._policies.items() if policy.keeps}
        self._ready: dict[AgentName, Ready] = {}
        self._crews: dict[tuple[Seat, ...], Crew] = {}
        self._serials = count()

    def __len__(self) -> int:
        return len(self._ready)

    def __contains__(self, agent: object) -> bool:
        return agent in self._ready

    def add(self, agent: AgentName, seats: Sequence[Seat], now: Instant) -> None:
        """Let *agent*, who has just become ready, be chosen for the queues of these *seats*.

        Raises:
            ValueError: when the operator is in here already.
        """
        if agent in self._ready:
            raise ValueError(f"{agent} is ready already")
        self._arrivals.setdefault(agent, len(self._arrivals))
        crew = self._crew(tuple(seats))
        ready = Ready(agent, crew, now, self._loads.of(agent), next(self._serials))
        self._ready[agent] = ready
        crew.line.add(ready.entry)
        for queue, tier in seats:
            self._policies[queue].enter(ready, tier)
            self._cover[queue] += 1

    def remove(self, agent: AgentName) -> None:
        """Do not choose *agent* any more: taken, away or without a phone. Nothing happens if not in here."""
        ready = self._ready.pop(agent, None)
        if ready is None:
            return
        crew, cover = ready.crew, self._cover
        crew.line.remove(ready.entry)
        for queue in crew.seats:
            cover[queue] -= 1
        if self._keeping:
            for queue in self._keeping.keys() & crew.seats.keys():
                self._keeping[queue].leave(ready, crew.seats[queue])

    def choose(
        self,
        queue: QueueName,
        tiers_open: int,
        refused: Callable[[AgentName], bool],
        prefer: AgentName | None = None,
    ) -> AgentName | None:
        """Decide who is offered a call of *queue* whose first *tiers_open* tiers are open.

        *prefer* wins if ready, in an open tier and not *refused*. A decision, not a question: round robin
        moves on. The operator stays in here until `remove`.
        """
        if prefer is not None and self._may_take(prefer, queue, tiers_open) and not refused(prefer):
            return prefer
        return self._policies[queue].choose(tiers_open, refused)

    def floor(self, seats: Sequence[Seat]) -> float:
        """Return the V that operators with these *seats* are at, for `Loads.left` and the ways back."""
        return min((self._loads.level(queue) for queue, _ in seats), default=0.0)

    def _may_take(self, agent: AgentName, queue: QueueName, tiers_open: int) -> bool:
        ready = self._ready.get(agent)
        return ready is not None and ready.crew.seats.get(queue, tiers_open) < tiers_open

    def _crew(self, seats: tuple[Seat, ...]) -> Crew:
        crew = self._crews.get(seats)
        if crew is None:
            crew = self._crews[seats] = Crew(seats)
        return crew
