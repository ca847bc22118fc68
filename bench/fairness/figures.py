"""From simulated days to the figures that are judged: evenness and waiting, against the best possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev, stdev

from bench.fairness.bound import lowest_highest_occupancy
from bench.fairness.optimum import Optimum
from bench.fairness.setups import SetUp
from bench.fairness.simulate import Day

OCCUPANCY_LIMIT = 1.05
WAIT_LIMIT = 1.03


@dataclass(frozen=True, slots=True)
class Figures:
    """What one strategy did in one set-up.

    *occupancy* is the highest over the bound, *strict* over the bound that also knows who gave up (see
    `figures`), *wait* the mean wait over the optimum, *spread* of the latter over the seeds (95 %),
    *variation* the coefficient of variation of weighted loads.
    """

    occupancy: float
    strict: float
    wait: float
    spread: float
    variation: float

    @property
    def within(self) -> bool:
        """Both targets are met."""
        return self.occupancy <= OCCUPANCY_LIMIT and self.wait <= WAIT_LIMIT


def figures(setup: SetUp, best: Optimum, days: Sequence[Day]) -> Figures:
    """Condense *days* of one strategy.

    The bound spreads as many calls as were served, in the mix in which they arrived. The strict bound takes
    the mix that was served: less of the busier kind, whose callers gave up more often. It is out of reach
    for any rule under which nobody waits beside a free operator who could answer.
    """
    waits = [1 + day.regret / best.mean_queue for day in days]
    measured = [_occupancy(setup, day) for day in days]
    spread = 1.96 * stdev(waits) / len(waits) ** 0.5 if len(waits) > 1 else 0.0
    return Figures(
        occupancy=fmean(highest / bound for highest, bound, _, _ in measured),
        strict=fmean(highest / strict for highest, _, strict, _ in measured),
        wait=fmean(waits),
        spread=spread,
        variation=fmean(variation for _, _, _, variation in measured),
    )


def _occupancy(setup: SetUp, day: Day) -> tuple[float, float, float, float]:
    """Return the highest weighted occupancy, its bound, the strict bound, and the variation."""
    present = [0.0] * len(setup.pools)
    loads = []
    for operator in day.operators:
        here = 1 - operator.away / day.span
        present[operator.pool] += here
        loads.append(operator.worked / (day.span * here * setup.pools[operator.pool].share))
    answered = sum(day.served) / sum(kind.rate for kind in setup.kinds)
    offered = [kind.rate * answered for kind in setup.kinds]
    bound = lowest_highest_occupancy(setup, offered, present)
    strict = lowest_highest_occupancy(setup, day.served, present)
    return max(loads), bound, strict, pstdev(loads) / fmean(loads)
