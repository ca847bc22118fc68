"""The default strategy: the least weighted load, sparing those whom another queue may soon need (R2).

Why, and what it achieves: docs/adr/0005-distribution.md. It must never know a call or a clock.
"""

from collections import defaultdict
from collections.abc import Mapping
from math import inf

from telephony.model.ids import AgentName, QueueName
from telephony.model.ready import Crew, Ready, Refused

COVER = 6
"""With so many ready, a queue can spare one of them to another without a thought."""

COVER_S = 300.0
"""What each one missing there counts, in seconds of V: a usual call."""


class LeastLoad:
    """Best tier first; in it the least V. Whom another queue may soon need counts as more loaded than he is.

    Without that, waiting in quiet hours is 8 % above the best possible, with it 3 %, and the loads come out
    as even: it moves V by a limited amount, once. It is the same for a whole crew, so only the first of
    each is looked at: the cost grows with the number of different sets of skills, not with operators.
    """

    keeps = False

    def __init__(self, queue: QueueName, cover: Mapping[QueueName, int]) -> None:
        self._queue = queue
        self._cover = cover
        self._tiers: defaultdict[int, dict[Crew, None]] = defaultdict(dict)

    def enter(self, ready: Ready, tier: int) -> None:
        """See `Policy`."""
        self._tiers[tier][ready.crew] = None

    def leave(self, ready: Ready, tier: int) -> None:
        """See `Policy`. The crew's own line has forgotten the operator already."""

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """See `Policy`."""
        mine, cover = self._queue, self._cover
        for tier in range(tiers_open):
            found, least = None, inf
            for crew in self._tiers[tier]:
                entry = crew.line.head()
                if entry is None or entry[0] > least:  # nobody behind has less
                    continue
                if refused(entry[3]) and (entry := crew.line.first(refused)) is None:
                    continue
                # What taking one of these costs the other queues; in place, for a call costs as much again.
                left = COVER
                for other in crew.others[mine]:
                    if cover[other] < left:  # noqa: PLR1730 - and so does min()
                        left = cover[other]
                load = entry[0] + COVER_S * (COVER - left)
                if load < least or (load == least and (found is None or entry < found)):
                    found, least = entry, load
            if found is not None:
                return found[3]
        return None
