"""The yardsticks of the fairness bench are right where the answer is known on paper."""

import math
from itertools import accumulate

import pytest

from bench.fairness.bound import lowest_highest_occupancy
from bench.fairness.optimum import optimum
from bench.fairness.setups import BOTH, ONE, TWO, Breaks, Kind, Pool, SetUp
from bench.fairness.simulate import Centre
from config.schema import Strategy


def erlang_a(rate: float, servers: int, longest: int = 60) -> float:
    """Return the mean queue of M/M/n+M with service and patience rates 1 (Palm's Erlang-A)."""
    steps = (rate / (min(n, servers) + max(0, n - servers)) for n in range(1, longest))
    weights = list(accumulate(steps, lambda weight, step: weight * step, initial=1.0))
    return sum(max(0, n - servers) * weight for n, weight in enumerate(weights)) / sum(weights)


def one_kind(rate: float, servers: int) -> SetUp:
    return SetUp("one", "", (Kind(ONE, rate),), (Pool(servers, 1, {ONE: 0}),))


SMALL = SetUp(
    "small",
    "",
    (Kind(ONE, 1.5), Kind(TWO, 1.5)),
    (Pool(1, 1, {ONE: 0}), Pool(1, 1, {TWO: 0}), Pool(2, 1, BOTH)),
)


@pytest.mark.parametrize(("rate", "servers"), [(1.0, 1), (3.5, 4), (6.0, 5)])
def test_the_optimum_of_a_single_queue_is_erlang_a(rate: float, servers: int) -> None:
    assert optimum(one_kind(rate, servers)).mean_queue == pytest.approx(erlang_a(rate, servers), rel=1e-3)


def test_breaks_that_last_no_time_change_nothing() -> None:
    pool = Pool(3, 1, {ONE: 0}, breaks=Breaks(0.1, 1e-3))
    setup = SetUp("breaks", "", (Kind(ONE, 2.5),), (pool,))
    assert optimum(setup).mean_queue == pytest.approx(erlang_a(2.5, 3), rel=5e-3)


def test_with_one_queue_every_strategy_is_as_good_as_the_best() -> None:
    setup = one_kind(3.5, 4)
    best = optimum(setup)
    for strategy in (Strategy.LEAST_WEIGHTED_LOAD, Strategy.RANDOM):
        day = Centre(setup, strategy, 1, best).run(2000)
        assert day.regret == pytest.approx(0, abs=1e-3)


def test_regrets_add_up_to_what_is_measured_directly() -> None:
    best = optimum(SMALL)
    day = Centre(SMALL, Strategy.RR_MEMORY, 1, best).run(30_000)
    assert 0 < day.regret
    assert best.mean_queue + day.regret == pytest.approx(day.mean_queue, rel=0.05)


def test_the_bound_spreads_work_as_far_as_skills_permit() -> None:
    assert lowest_highest_occupancy(SMALL, [1.5, 1.5], [1, 1, 2]) == pytest.approx(0.75)
    assert lowest_highest_occupancy(SMALL, [0.5, 2.5], [1, 1, 2]) == pytest.approx(2.5 / 3)
    assert lowest_highest_occupancy(SMALL, [1.5, 1.5], [1, 1, 1]) == pytest.approx(1.0)


def test_the_bound_counts_occupancy_per_share() -> None:
    pools = (Pool(1, 1, BOTH), Pool(1, 1, BOTH, share=0.5))
    setup = SetUp("levels", "", SMALL.kinds, pools)
    assert lowest_highest_occupancy(setup, [0.3, 0.3], [1, 1]) == pytest.approx(0.4)


def test_more_work_than_hands_is_no_centre() -> None:
    with pytest.raises(ValueError, match="no way to serve"):
        lowest_highest_occupancy(SMALL, [2, 2.5], [1, 1, 2])


def test_the_same_seed_gives_the_same_day() -> None:
    days = [Centre(SMALL, Strategy.LEAST_WEIGHTED_LOAD, 4, None).run(500) for _ in range(2)]
    assert days[0] == days[1]
    assert math.isclose(sum(days[0].served), 3, rel_tol=0.2)
