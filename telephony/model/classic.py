"""The ways to choose that app_queue and others have: by a fixed order, in turn, by chance (R2).

What app_queue's do is taken from its ``calc_metric`` (Asterisk 22, apps/app_queue.c), a tier standing for a
penalty. Which order goes with which name is said in `telephony.model.strategies`.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from math import inf

from telephony.model.ids import AgentName
from telephony.model.ordered import Entry, SortedLine
from telephony.model.ready import Ready, Refused


class Lowest:
    """Best tier first; in it the lowest *key*, and of equals who became ready first.

    The key is looked up once, on entering: nothing it is made of changes while an operator is idle.
    """

    keeps = True

    def __init__(self, key: Callable[[Ready], tuple[float, float]]) -> None:
        self._key = key
        self._entries: dict[AgentName, Entry[AgentName]] = {}
        self._tiers: defaultdict[int, SortedLine[AgentName]] = defaultdict(SortedLine)

    def enter(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        entry = self._entries[ready.agent] = ready.placed(*self._key(ready))
        self._tiers[tier].add(entry)

    def leave(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier].remove(self._entries.pop(ready.agent))

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """See `Policy`."""
        for tier in range(tiers_open):
            entry = self._tiers[tier].first(refused)
            if entry is not None:
                return entry[3]
        return None


class RoundRobin:
    """Best tier first; in it the next after the place where the last choice left off.

    app_queue keeps one such place (``rrpos``) for all penalties of a queue, and so does this.
    """

    keeps = True

    def __init__(self, place: Callable[[AgentName], int]) -> None:
        self._place = place
        self._next = 0
        self._tiers: defaultdict[int, SortedLine[AgentName]] = defaultdict(SortedLine)

    def enter(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier].add(ready.placed(self._place(ready.agent), 0))

    def leave(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier].remove(ready.placed(self._place(ready.agent), 0))

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """See `Policy`. The place moves on."""
        for tier in range(tiers_open):
            entry = self._tiers[tier].first_in_circle((self._next, 0, 0), refused)
            if entry is not None:
                self._next = self._place(entry[3]) + 1
                return entry[3]
        return None


class Hat:
    """Names in a hat: put in, take out and draw at equal chances, each at the same cost."""

    def __init__(self) -> None:
        self._names: list[AgentName] = []
        self._places: dict[AgentName, int] = {}

    def __len__(self) -> int:
        return len(self._names)

    def add(self, agent: AgentName) -> None:
        """Put *agent* in."""
        self._places[agent] = len(self._names)
        self._names.append(agent)

    def remove(self, agent: AgentName) -> None:
        """Take *agent* out."""
        last = self._names.pop()
        place = self._places.pop(agent)
        if last != agent:
            self._names[place] = last
            self._places[last] = place

    def draw(self, rng: random.Random, refused: Refused) -> AgentName | None:
        """Draw one; draw again among the others only if that one is refused."""
        if not self._names:
            return None
        found = rng.choice(self._names)
        if not refused(found):
            return found
        others = [agent for agent in self._names if not refused(agent)]
        return rng.choice(others) if others else None


class Random:
    """Best tier first; in it anybody, at equal chances."""

    keeps = True

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._tiers: defaultdict[int, Hat] = defaultdict(Hat)

    def enter(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier].add(ready.agent)

    def leave(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier].remove(ready.agent)

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """See `Policy`."""
        return self._first(range(tiers_open), refused)

    def _first(self, tiers: Sequence[int], refused: Refused) -> AgentName | None:
        for tier in tiers:
            found = self._tiers[tier].draw(self._rng, refused)
            if found is not None:
                return found
        return None


class WeightedRandom(Random):
    """Anybody of all open tiers; each draws from 0 to 1 + tier, and the lowest draw wins.

    The lowest of *n* draws has a known law, so one draw per tier stands for all of them.
    """

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """See `Policy`."""
        return self._first(sorted(range(tiers_open), key=self._lowest_draw), refused)

    def _lowest_draw(self, tier: int) -> float:
        size = len(self._tiers[tier])
        return (1 + tier) * (1 - self._rng.random() ** (1 / size)) if size else inf
