"""Who could be offered a call, with the figures that the distribution decides by."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from config.schema import Strategy
from telephony.model.call import Call
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.leastload import COVER, COVER_S
from telephony.model.roster import Operator

BY_LOAD = (
    "開いている段階のうち最も早い段階で、負荷 V と、ほかの待ち列で足りなくなる分との和が最も小さい人。"
    "同じなら空きの長い人"
)


def rule_of(strategy: Strategy) -> str:
    """Return how *strategy* chooses, in words."""
    return (
        BY_LOAD
        if strategy is Strategy.LEAST_WEIGHTED_LOAD
        else f"方式 {strategy.value}、開いている段階の中から"
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """One operator of the call's queue at the moment of the decision.

    *weight* is that of the queue's skill, *tier* counts from 0, *load_v* is V in seconds, *spared_s* what is
    added because other queues may soon need this operator (ADR 5), *idle_s* how long the state has lasted.
    """

    name: str
    title: str
    weight: int
    tier: int
    tier_open: bool
    ready: bool
    state: str
    load_v: float
    spared_s: float
    idle_s: float
    chosen: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Figures:
    ready: bool
    state: str
    load_v: float
    since: Instant


class Figures:
    """What the model sees of its operators just before a decision."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._now = Instant(0.0)
        self._known: dict[AgentName, _Figures] = {}
        self._cover: Counter[QueueName] = Counter()

    def look(self, now: Instant) -> None:
        """Remember everybody's figures."""
        self._now = now
        self._known = {operator.name: _figures(self._floor, operator) for operator in self._floor.roster}
        free = [operator for operator in self._floor.roster if operator.can_be_offered]
        self._cover = Counter(queue for operator in free for queue, _ in operator.seats)

    def candidates(self, call: Call, chosen: AgentName | None) -> list[Candidate]:
        """Return those who serve the queue of *call*: the best tier first, then the least loaded."""
        if call.queue is None:
            return []
        found = [
            self._candidate(call, operator, tier, chosen)
            for operator in self._floor.roster
            for queue, tier in operator.seats
            if queue == call.queue and operator.name in self._known
        ]
        return sorted(found, key=lambda c: (c.tier, c.load_v + c.spared_s, -c.idle_s, c.name))

    def _candidate(self, call: Call, operator: Operator, tier: int, chosen: AgentName | None) -> Candidate:
        figures = self._known[operator.name]
        skill = self._floor.queue(QueueName(call.queue or "")).skill
        return Candidate(
            name=operator.name,
            title=operator.profile.title,
            weight=operator.profile.skills.get(skill, 0),
            tier=tier,
            tier_open=tier <= call.tier,
            ready=figures.ready,
            state=figures.state,
            load_v=round(figures.load_v, 1),
            spared_s=self._spared(operator, QueueName(call.queue or "")),
            idle_s=round(self._now - figures.since, 1),
            chosen=operator.name == chosen,
        )

    def _spared(self, operator: Operator, queue: QueueName) -> float:
        """Return what `LeastLoad` adds: how few are ready for the scarcest of the operator's other queues."""
        if self._floor.queue(queue).strategy is not Strategy.LEAST_WEIGHTED_LOAD:
            return 0.0
        left = min((self._cover[other] for other, _ in operator.seats if other != queue), default=COVER)
        return COVER_S * (COVER - min(left, COVER))


def _figures(floor: Floor, operator: Operator) -> _Figures:
    return _Figures(
        operator.can_be_offered,
        operator.state.value,
        floor.loads.of(operator.name),
        operator.state_since or floor.now,
    )
