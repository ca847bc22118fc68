"""Where the answer rate will stand at the end of the day and of the month (R15). Pure.

Calls to come fare like those of the last hour, drawn towards the goal by a few imagined calls: after two
calls nobody knows anything, after fifty everybody does. How many come: as many as usual in the open hours
that are left, where "usual" is the mean of an open day lately together with today so far.
"""

from dataclasses import dataclass

from madoguchi.alerts.readings import Rate
from telephony.figures import Tally

IMAGINED_CALLS = 5.0
"""Weight of the goal beside the calls of the last hour."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Open seconds of today: until now, and from now on."""

    gone_s: float
    left_s: float

    @property
    def whole_s(self) -> float:
        """All of today's."""
        return self.gone_s + self.left_s


def calls_left_today(today: Tally, usual: float | None, hours: Hours) -> float:
    """Return how many calls are still expected today. *usual*: of a whole open day, None when not known."""
    if usual is None:
        return today.offered / hours.gone_s * hours.left_s if hours.gone_s else 0.0
    seen_s = hours.gone_s + hours.whole_s
    return (today.offered + usual) / seen_s * hours.left_s if seen_s else 0.0


def rate(so_far: Tally, recent: Tally, to_come: float, goal: float) -> Rate:
    """Return the forecast for *so_far* and *to_come* calls that fare like *recent*. *goal* is in percent."""
    share = (recent.answered + IMAGINED_CALLS * goal / 100) / (recent.offered + IMAGINED_CALLS)
    whole = so_far.offered + to_come

    def percent(answered: float) -> float:
        return 100 * answered / whole if whole else 100.0

    return Rate(
        so_far, to_come, percent(so_far.answered + share * to_come), percent(so_far.answered + to_come)
    )
