"""A centre in simulated time, driven by the very parts that serve the real one.

`ReadyOperators`, `Line` and `Loads` decide; this file only lets callers come, give up and be served. The
same seed gives every strategy the same traffic: arrivals, patience, lengths and breaks.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from bench.fairness.optimum import Optimum, State
from bench.fairness.setups import SetUp
from config.schema import Strategy
from telephony.model.distribution import ReadyOperators
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.line import Line, Seat
from telephony.model.loads import Loads

WARM_UP = 0.02
"""This part of the calls comes before the counting starts."""

CONVERSATION_S = 300.0
"""A mean conversation in seconds, in which loads are counted; the simulated clock counts conversations."""

NEVER = Instant(float("inf"))


@dataclass(slots=True)
class Operator:
    """*worked* and *away* in time units; *since* is when the present call or break began."""

    name: AgentName
    pool: int
    seats: list[Seat]
    worked: float = 0.0
    away: float = 0.0
    since: Instant = NEVER


@dataclass(slots=True)
class Caller:
    """A call and the fate it brings along; *length* is for an operator of rate 1."""

    id: CallId
    kind: int
    since: Instant
    length: float
    break_luck: float
    break_length: float


@dataclass(frozen=True, slots=True)
class Day:
    """What a run measured: *regret* is set against the optimum, per time (see `Optimum`)."""

    span: float
    operators: list[Operator]
    served: list[float]
    mean_queue: float
    regret: float


class Centre:
    """One run; *optimum* prices the choices if it is known."""

    def __init__(self, setup: SetUp, strategy: Strategy, seed: int, optimum: Optimum | None) -> None:
        self.setup = setup
        self.optimum = optimum
        self.now = self.began = Instant(0.0)
        self.operators = {
            (name := AgentName(f"{pool}-{n}")): Operator(name, pool, list(kind.seats.items()))
            for pool, kind in enumerate(setup.pools)
            for n in range(kind.size)
        }
        self.loads = Loads()
        self.line = Line()
        strategies = {kind.name: strategy for kind in setup.kinds}
        chance = random.Random(seed)  # noqa: S311 - traffic is no secret
        self.ready = ReadyOperators(strategies, list(self.operators), self.loads, chance)
        self.tiers = 1 + max(tier for pool in setup.pools for tier in pool.seats.values())
        self.traffic = [random.Random(f"{seed}-{kind.name}") for kind in setup.kinds]  # noqa: S311
        self.callers: dict[CallId, Caller] = {}
        self.queued = [0] * len(setup.kinds)
        self.busy = [0] * len(setup.pools)
        self.absent = [0] * len(setup.pools)
        self.served = [0.0] * len(setup.kinds)
        self.waited = self.regret = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._serials = count()

    def run(self, calls: int) -> Day:
        """Let *calls* callers come, and return what was measured after the warm-up."""
        for operator in self.operators.values():
            self.loads.set_share(operator.name, self.setup.pools[operator.pool].share)
            self._free(operator)
        for kind in range(len(self.setup.kinds)):
            self._expect(kind)
        while len(self.callers) <= calls * WARM_UP:
            self._step()
        self._start_counting()
        while len(self.callers) < calls:
            self._step()
        return self._count_up()

    def _step(self) -> None:
        at, _, happen = heappop(self._events)
        self.now = Instant(at)
        happen()

    def _later(self, delay: float, happen: Callable[[], None]) -> None:
        heappush(self._events, (self.now + delay, next(self._serials), happen))

    def _start_counting(self) -> None:
        self.began = self.now
        self.waited = self.regret = 0.0
        self.served = [0.0] * len(self.served)
        for operator in self.operators.values():
            operator.worked = operator.away = 0.0

    def _count_up(self) -> Day:
        span = self.now - self.began
        served = [calls / span for calls in self.served]
        return Day(span, list(self.operators.values()), served, self.waited / span, self.regret / span)

    # --- what happens ---------------------------------------------------------------------------------

    def _expect(self, kind: int) -> None:
        rng, rates = self.traffic[kind], self.setup.kinds[kind]
        gap = rng.expovariate(rates.rate)
        patience = rng.expovariate(rates.giving_up)
        call = CallId(f"{kind}-{next(self._serials)}")
        draws = rng.expovariate(1.0), rng.random(), rng.expovariate(1.0)
        caller = Caller(call, kind, Instant(self.now + gap), *draws)
        self._later(gap, lambda: self._arrive(caller, patience))

    def _arrive(self, caller: Caller, patience: float) -> None:
        self._expect(caller.kind)
        self.callers[caller.id] = caller
        self.queued[caller.kind] += 1
        before = self._state()
        queue = self.setup.kinds[caller.kind].name
        agent = self.ready.choose(queue, self.tiers, lambda _: False)
        if agent is not None:
            self.ready.remove(agent)
            self._start(self.operators[agent], caller)
        else:
            self.line.join(caller.id, queue, since=self.now, priority=0, slope=1, tier=self.tiers - 1)
            self._later(patience, lambda: self._give_up(caller))
        self._price(before)

    def _give_up(self, caller: Caller) -> None:
        if caller.id not in self.line:
            return
        self.line.leave(caller.id)
        self.queued[caller.kind] -= 1
        self.waited += self.now - max(caller.since, self.began)
        self._price(self._state())

    def _start(self, operator: Operator, caller: Caller) -> None:
        self.queued[caller.kind] -= 1
        self.busy[operator.pool] += 1
        self.served[caller.kind] += 1
        self.waited += self.now - max(caller.since, self.began)
        operator.since = self.now
        rate = self.setup.pools[operator.pool].rate
        self._later(caller.length / rate, lambda: self._end(operator, caller))

    def _end(self, operator: Operator, caller: Caller) -> None:
        self.busy[operator.pool] -= 1
        self.loads.worked(operator.name, (self.now - operator.since) * CONVERSATION_S)
        self.loads.served(operator.name, self.setup.kinds[caller.kind].name, self.now)
        operator.worked += self.now - max(operator.since, self.began)
        breaks = self.setup.pools[operator.pool].breaks
        if breaks is None or caller.break_luck >= breaks.chance:
            self._free(operator)
            return
        self.absent[operator.pool] += 1
        operator.since = self.now
        self.loads.left(operator.name, self.ready.floor(operator.seats))
        self._price(self._state())
        self._later(caller.break_length * breaks.length, lambda: self._return(operator))

    def _return(self, operator: Operator) -> None:
        self.absent[operator.pool] -= 1
        operator.away += self.now - max(operator.since, self.began)
        self.loads.returned(operator.name, self.ready.floor(operator.seats))
        self._free(operator)

    def _free(self, operator: Operator) -> None:
        before = self._state()
        call = self.line.next_for(operator.seats, self.now, lambda _: False)
        if call is None:
            self.ready.add(operator.name, operator.seats, self.now)
        else:
            self.line.leave(call)
            self._start(operator, self.callers[call])
        self._price(before)

    # --- what it cost -----------------------------------------------------------------------------------

    def _state(self) -> State:
        return (*self.queued, *self.busy, *self.absent)

    def _price(self, before: State) -> None:
        if self.optimum is not None:
            self.regret += self.optimum.regret(before, self._state())
