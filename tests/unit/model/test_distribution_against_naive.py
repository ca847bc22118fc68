"""The index of ready operators behaves like a plain search through everybody, whatever happens to it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import inf

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from config.schema import Strategy
from telephony.model.distribution import ReadyOperators
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.leastload import COVER, COVER_S
from telephony.model.line import Seat
from telephony.model.loads import Loads

TIERS = 2
TEAM = [AgentName(f"agent-{n}") for n in range(9)]
ROUND_ROBIN = {Strategy.RR_MEMORY, Strategy.RR_ORDERED}
BY_LOAD = {QueueName(name): Strategy.LEAST_WEIGHTED_LOAD for name in ("one", "two")}
QUEUES = BY_LOAD | {QueueName(strategy.value): strategy for strategy in Strategy}
seats = st.lists(
    st.tuples(st.sampled_from(list(QUEUES)), st.integers(0, TIERS - 1)),
    unique_by=lambda seat: seat[0],
    min_size=1,
)
agents = st.sampled_from(TEAM)


@dataclass
class Naive:
    """A ready operator as the rule book sees one."""

    seats: dict[QueueName, int]
    since: int
    serial: int
    load: float


class ReadyMachine(RuleBasedStateMachine):
    """A queue for each strategy, and three that share by load; every choice is compared with the rule."""

    def __init__(self) -> None:
        super().__init__()
        self.loads = Loads()
        self.ready = ReadyOperators(QUEUES, TEAM, self.loads, random.Random(5))
        self.naive: dict[AgentName, Naive] = {}
        self.arrivals: list[AgentName] = []
        self.next_place = dict.fromkeys(QUEUES, 0)
        self.serials = count()
        self.now = 1

    # --- what happens -----------------------------------------------------------------------------------

    @rule(seconds=st.integers(0, 60))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(agent=agents, seats=seats)
    def add(self, agent: AgentName, seats: list[Seat]) -> None:
        if agent in self.naive:
            return
        self.ready.add(agent, seats, Instant(self.now))
        if agent not in self.arrivals:
            self.arrivals.append(agent)
        self.naive[agent] = Naive(dict(seats), self.now, next(self.serials), self.loads.of(agent))

    @rule(agent=agents)
    def remove(self, agent: AgentName) -> None:
        self.ready.remove(agent)
        self.naive.pop(agent, None)

    @rule(agent=agents, queue=st.sampled_from(list(QUEUES)), seconds=st.sampled_from([0, 30, 300, 2000]))
    def work(self, agent: AgentName, queue: QueueName, seconds: int) -> None:
        if agent not in self.naive:
            self.loads.worked(agent, seconds)
            self.loads.served(agent, queue, Instant(self.now))

    @precondition(lambda self: self.naive)
    @rule(
        queue=st.sampled_from(list(QUEUES)),
        tiers=st.integers(1, TIERS),
        refused=st.sets(agents, max_size=3),
        prefer=st.none() | agents,
        take=st.booleans(),
    )
    def choose(
        self,
        queue: QueueName,
        tiers: int,
        refused: set[AgentName],
        prefer: AgentName | None,
        *,
        take: bool,
    ) -> None:
        may = {
            agent: naive
            for agent, naive in self.naive.items()
            if naive.seats.get(queue, tiers) < tiers and agent not in refused
        }
        expected = {prefer} if prefer in may else self.expected(queue, may)
        found = self.ready.choose(queue, tiers, refused.__contains__, prefer)
        assert found in (expected or {None})
        if found is None:
            return
        if found != prefer and QUEUES[queue] in ROUND_ROBIN:
            self.next_place[queue] = self.order(queue).index(found) + 1
        if take:
            self.remove(found)

    @invariant()
    def the_same_people_are_ready(self) -> None:
        assert len(self.naive) == len(self.ready)
        assert set(self.naive) == {agent for agent in TEAM if agent in self.ready}

    # --- the rules, written out -------------------------------------------------------------------------

    def expected(self, queue: QueueName, may: dict[AgentName, Naive]) -> set[AgentName | None]:
        """Return who may be chosen: one, or by chance any of several."""
        if not may or QUEUES[queue] is Strategy.WRANDOM:
            return set(may)
        best = min(naive.seats[queue] for naive in may.values())
        tier = {agent: naive for agent, naive in may.items() if naive.seats[queue] == best}
        if QUEUES[queue] is Strategy.RANDOM:
            return set(tier)
        if QUEUES[queue] in ROUND_ROBIN:
            order = self.order(queue)
            start = self.next_place[queue]
            circle = order[start:] + order[:start]
            return {next(agent for agent in circle if agent in tier)}
        metric = self.metric(queue)
        return {min(tier, key=lambda agent: (*metric(agent), tier[agent].serial))}

    def order(self, queue: QueueName) -> list[AgentName]:
        return self.arrivals if QUEUES[queue] is Strategy.RR_MEMORY else TEAM

    def metric(self, queue: QueueName) -> Callable[[AgentName], tuple[float, float]]:
        def last_call(agent: AgentName) -> float:
            last = self.loads.last_call(agent, queue)
            return -inf if last is None else last

        metrics: dict[Strategy, Callable[[AgentName], tuple[float, float]]] = {
            Strategy.LEAST_WEIGHTED_LOAD: lambda agent: self.load(agent, queue),
            Strategy.LONGEST_IDLE: lambda agent: (self.naive[agent].since, 0),
            Strategy.LEAST_RECENT: lambda agent: (last_call(agent), self.naive[agent].since),
            Strategy.FEWEST_CALLS: lambda agent: (
                self.loads.calls(agent, queue),
                self.naive[agent].since,
            ),
            Strategy.LINEAR: lambda agent: (TEAM.index(agent), 0),
        }
        return metrics[QUEUES[queue]]

    def load(self, agent: AgentName, queue: QueueName) -> tuple[float, float]:
        """V and what it is worth to leave the operator to the other queues; of equals the lesser V."""
        own = self.naive[agent]
        others = [
            sum(other in naive.seats for naive in self.naive.values())
            for other in own.seats
            if other != queue
        ]
        missing = max(0, COVER - min(others, default=COVER))
        return own.load + COVER_S * missing, own.load + own.since / 1e9


TestReadyOperators = ReadyMachine.TestCase
TestReadyOperators.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
