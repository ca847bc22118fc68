"""How much each operator has worked: the weighted load that the default policy levels out (R2).

It counts seconds and calls that others report; it must never know a queue's rules or look at a clock.
"""

from collections import defaultdict

from telephony.model.ids import AgentName, Instant, QueueName

CARRY_S = 1800.0
"""How much of a lead or lag lives on overnight: enough for a day's chances, too little to idle for hours."""


class Loads:
    """Per operator ``V = (ring + talk + after-call seconds) / share``, and app_queue's two counts per queue.

    The share is the level's. Hours need no place in it: who was away comes back as far from the others as
    before, so only time spent at work is ever compared. See docs/adr/0005-distribution.md.
    """

    def __init__(self) -> None:
        self._shares: dict[AgentName, float] = {}
        self._loads: defaultdict[AgentName, float] = defaultdict(float)
        self._gaps: dict[AgentName, float] = {}
        self._levels: defaultdict[QueueName, float] = defaultdict(float)
        self._calls: defaultdict[tuple[AgentName, QueueName], int] = defaultdict(int)
        self._last_calls: dict[tuple[AgentName, QueueName], Instant] = {}

    def set_share(self, agent: AgentName, share: float) -> None:
        """Let *agent* carry *share* times the work of somebody with 1, from now on.

        Raises:
            ValueError: when *share* is not positive.
        """
        if share <= 0:
            raise ValueError(f"the share of {agent} is {share}; it must be more than 0")
        self._shares[agent] = share

    def worked(self, agent: AgentName, seconds: float) -> None:
        """Add ring, talk or after-call time that has just ended. Tell it before the operator is ready again.

        Raises:
            ValueError: when *seconds* is negative.
        """
        if seconds < 0:
            raise ValueError(f"{agent} cannot have worked {seconds} s")
        self._loads[agent] += seconds / self._shares.get(agent, 1.0)

    def served(self, agent: AgentName, queue: QueueName, ended: Instant) -> None:
        """Count an answered call of *queue*; tell its seconds first.

        app_queue's ``calls`` and ``lastcall`` of a member, and the level that the queue's operators are at.
        """
        self._levels[queue] = max(self._levels[queue], self.of(agent))
        self._calls[agent, queue] += 1
        self._last_calls[agent, queue] = ended

    def level(self, queue: QueueName) -> float:
        """Return the highest V that anybody had after a call of *queue*; it is where its operators are."""
        return self._levels.get(queue, 0.0)

    def left(self, agent: AgentName, floor: float) -> None:
        """Keep how far *agent*, who stops working for whatever reason, is from *floor*, the others' level.

        Tell the seconds worked first. Somebody who is away already cannot leave again.
        """
        self._gaps.setdefault(agent, self.of(agent) - floor)

    def returned(self, agent: AgentName, floor: float) -> None:
        """Come back as far from the level as on leaving: a break earns no credit and no debt."""
        self._loads[agent] = floor + self._gaps.pop(agent, 0.0)

    def signed_in(self, agent: AgentName, floor: float) -> None:
        """Come back on another day, or for the first time; of the old distance at most `CARRY_S` is kept."""
        gap = self._gaps.pop(agent, 0.0)
        self._loads[agent] = floor + min(max(gap, -CARRY_S), CARRY_S)

    def of(self, agent: AgentName) -> float:
        """Return V, in seconds of an operator whose share is 1."""
        return self._loads.get(agent, 0.0)

    def calls(self, agent: AgentName, queue: QueueName) -> int:
        """Return how many calls of *queue* this operator has answered."""
        return self._calls.get((agent, queue), 0)

    def last_call(self, agent: AgentName, queue: QueueName) -> Instant | None:
        """Return when the operator's last call of *queue* ended; ``None`` before the first."""
        return self._last_calls.get((agent, queue))
