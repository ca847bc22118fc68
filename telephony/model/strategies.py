"""Which policy every configurable strategy stands for (R2).

Least weighted load and longest idle are ours, the others app_queue's. ``ringall`` is left out on purpose:
docs/adr/0005-distribution.md. A strategy must never know a call; it sees operators come and go.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from config.schema import Strategy
from telephony.model.classic import Lowest, Random, RoundRobin, WeightedRandom
from telephony.model.ids import AgentName, QueueName
from telephony.model.leastload import LeastLoad
from telephony.model.loads import Loads
from telephony.model.ready import Policy, Ready


@dataclass(frozen=True, slots=True)
class Facts:
    """What strategies may know. *roster* and *arrivals* number the operators in either order.

    *cover* is how many are ready per queue.
    """

    loads: Loads
    cover: Mapping[QueueName, int]
    rng: random.Random
    roster: Mapping[AgentName, int]
    arrivals: Mapping[AgentName, int]


def _longest_idle(_queue: QueueName, _facts: Facts) -> Policy:
    return Lowest(lambda ready: (ready.since, 0))


def _least_recent(queue: QueueName, facts: Facts) -> Policy:
    """Whose last call of this queue ended longest ago; who has had none yet goes first."""

    def key(ready: Ready) -> tuple[float, float]:
        last = facts.loads.last_call(ready.agent, queue)
        return (-inf if last is None else last, ready.since)

    return Lowest(key)


def _fewest_calls(queue: QueueName, facts: Facts) -> Policy:
    return Lowest(lambda ready: (facts.loads.calls(ready.agent, queue), ready.since))


def _linear(_queue: QueueName, facts: Facts) -> Policy:
    return Lowest(lambda ready: (facts.roster[ready.agent], 0))


def _rr_memory(_queue: QueueName, facts: Facts) -> Policy:
    """In the order in which operators came, as app_queue's members who sign in do."""
    return RoundRobin(facts.arrivals.__getitem__)


def _rr_ordered(_queue: QueueName, facts: Facts) -> Policy:
    return RoundRobin(facts.roster.__getitem__)


POLICIES: Mapping[Strategy, Callable[[QueueName, Facts], Policy]] = {
    Strategy.LEAST_WEIGHTED_LOAD: lambda queue, facts: LeastLoad(queue, facts.cover),
    Strategy.LONGEST_IDLE: _longest_idle,
    Strategy.LEAST_RECENT: _least_recent,
    Strategy.FEWEST_CALLS: _fewest_calls,
    Strategy.RANDOM: lambda _queue, facts: Random(facts.rng),
    Strategy.RR_MEMORY: _rr_memory,
    Strategy.RR_ORDERED: _rr_ordered,
    Strategy.LINEAR: _linear,
    Strategy.WRANDOM: lambda _queue, facts: WeightedRandom(facts.rng),
}
