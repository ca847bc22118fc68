"""How long a caller still has to wait: from the place in line, how long calls take, and who is at work (R3).

It must never know a call, a clock or how a wait is announced. What is told to a caller, and that it does not
rise without a cause, is decided in ``announcing``.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from math import inf, log1p

from telephony.model.ids import AgentName, Instant, QueueName

PRIOR_CALLS = 5.0
"""The configured time of a call weighs as much as so many measured ones."""

PRIOR_WAIT_S = 3_000.0
"""So much waiting without anybody giving up, and of forecasts that came true, is assumed at first."""

MEMORY = 0.99
"""What is measured of a call still weighs after the next one: about the last 100 calls decide."""

OVERDUE_S = 120.0
"""Whoever is away longer than such breaks last is expected back in so many seconds."""

REST = 0.62
"""What is left, on the average, of the call that a free operator is waited for: it has been going on already.
(1 + c²) / 2 of a call, where c = 0.5 is how calls scatter about their mean (renewal theory)."""


class Pace:
    """How fast the line moves, as measured: how long calls keep an operator, and how soon callers give up.

    A call keeps its operator for ringing, talk and after-call work. All times in seconds.
    """

    def __init__(self) -> None:
        self._calls: dict[QueueName, _Mean] = {}
        self._usual: dict[QueueName, float] = {}
        self._busy: dict[AgentName, tuple[QueueName, Instant]] = {}
        self._talked: set[AgentName] = set()
        self._breaks: dict[str | None, _Mean] = {}
        self._away: dict[AgentName, tuple[str | None, Instant]] = {}
        self._given_up = _Mean(0.0, PRIOR_WAIT_S)
        self._truth = _Mean(PRIOR_WAIT_S, PRIOR_WAIT_S)

    def expect(self, usual: Mapping[QueueName, float]) -> None:
        """Take over what operations expect of a call, per queue."""
        self._usual = dict(usual)

    def taken(self, agent: AgentName, queue: QueueName, now: Instant, *, talks: bool) -> None:
        """*agent* is offered, or talks to, a caller of *queue*."""
        self._busy.setdefault(agent, (queue, now))
        if talks:
            self._talked.add(agent)

    def free(self, agent: AgentName, now: Instant) -> None:
        """*agent* is done with a call; one that was only offered is no measure."""
        queue, since = self._busy.pop(agent, (None, now))
        if queue is not None and agent in self._talked:
            self._calls.setdefault(queue, _Mean()).add(now - since, 1)
        self._talked.discard(agent)

    def away(self, agent: AgentName, reason: str | None, now: Instant) -> None:
        """*agent* takes a break."""
        self._away.setdefault(agent, (reason, now))

    def back(self, agent: AgentName, now: Instant) -> None:
        """*agent*'s break, if there was one, is over."""
        if agent in self._away:
            reason, since = self._away.pop(agent)
            self._breaks.setdefault(reason, _Mean()).add(now - since, 1)

    def gone(self, agent: AgentName) -> None:
        """*agent* will not be back: a break that ends so is no measure."""
        self._away.pop(agent, None)

    def back_in(self, agent: AgentName, now: Instant) -> float:
        """Return the seconds until *agent*, who is away, will be back, as far as earlier breaks tell."""
        reason, since = self._away.get(agent, (None, now))
        usual = self._breaks.get(reason)
        return inf if usual is None else max(usual.value - (now - since), OVERDUE_S)

    def waited(self, seconds: float, *, gave_up: bool) -> None:
        """A caller's wait is over, by an operator or by giving up."""
        self._given_up.add(float(gave_up), seconds)

    def came_true(self, forecast: float, waited: float) -> None:
        """A caller for whom *forecast* seconds had been reckoned, uncorrected, was served after *waited*."""
        self._truth.add(waited, forecast)

    def of(self, queue: QueueName) -> float:
        """Return how many seconds a call of *queue* takes at present."""
        measured = self._calls.get(queue, _Mean())
        return (measured.total + self._usual[queue] * PRIOR_CALLS) / (measured.weight + PRIOR_CALLS)

    @property
    def impatience(self) -> float:
        """How many waiting callers give up in a second, for each who waits."""
        return self._given_up.value

    @property
    def correction(self) -> float:
        """How long callers waited lately for each second that had been reckoned for them."""
        return self._truth.value


class _Mean:
    """A ratio of two sums that forget; it begins with what is assumed."""

    def __init__(self, total: float = 0.0, weight: float = 0.0) -> None:
        self._prior = total, weight
        self.total = self.weight = 0.0

    def add(self, value: float, weight: float) -> None:
        self.total = self.total * MEMORY + value
        self.weight = self.weight * MEMORY + weight

    @property
    def value(self) -> float:
        total, weight = self._prior
        return (self.total + total) / (self.weight + weight)


def forecast(
    queue: QueueName,
    ahead: Mapping[QueueName, int],
    crew: Iterable[AbstractSet[QueueName]],
    returning: Iterable[float],
    pace: Pace,
) -> float | None:
    """Return the seconds until somebody is free for a caller of *queue*, before any correction.

    None while nobody is at work. *ahead* counts, by queue, who is served before this caller; some of them
    will have given up by then. *crew* has for each operator at work the queues served. All of them are busy,
    else nobody would wait. *returning* has the seconds until each operator of *queue* who is away is back.
    """
    people = list(crew)
    own = sum(queue in served for served in people)
    if not own:
        return None
    work = 0.0
    for other, callers in ahead.items():
        able = sum(other in served for served in people)
        shared = sum(other in served and queue in served for served in people)
        if callers and able:
            work += callers * pace.of(other) * shared / able
    theta = pace.impatience
    alone = log1p(theta * work / own) / theta if theta else work / own
    return _shared(alone + REST * pace.of(queue) / own, own, sorted(returning))


def _shared(seconds: float, people: int, returning: Sequence[float]) -> float:
    """Return how long the work of *people* for *seconds* takes when others come back in the meantime."""
    now, left = 0.0, seconds * people
    for at in returning:
        if now + left / people <= at:
            break
        now, left, people = at, left - (at - now) * people, people + 1
    return now + left / people
