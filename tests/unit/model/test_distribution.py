"""Who is offered a call: each strategy on an example small enough to check by hand."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from config.schema import Strategy
from telephony.model.distribution import ReadyOperators
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.leastload import COVER, COVER_S
from telephony.model.loads import Loads
from telephony.model.strategies import POLICIES

BOOK, PIN = QueueName("book"), QueueName("pin")
ANN, BEN, CAT, DAN = (AgentName(name) for name in ("ann", "ben", "cat", "dan"))
TEAM = [ANN, BEN, CAT, DAN]
ONLY_BOOK = [(BOOK, 0)]


def nobody(_: AgentName) -> bool:
    return False


class Centre:
    """Operators with one strategy; the clock ticks a second at every step."""

    def __init__(self, strategy: Strategy, roster: Sequence[AgentName] = TEAM) -> None:
        self.now = 0
        self.loads = Loads()
        strategies = dict.fromkeys((BOOK, PIN), strategy)
        self.ready = ReadyOperators(strategies, roster, self.loads, random.Random(7))

    def add(self, *agents: AgentName, seats: Sequence[tuple[QueueName, int]] = ONLY_BOOK) -> None:
        for agent in agents:
            self.now += 1
            self.ready.add(agent, seats, Instant(self.now))

    def choose(self, tiers: int = 1, *, refused: Sequence[AgentName] = ()) -> AgentName | None:
        return self.ready.choose(BOOK, tiers, refused.__contains__)

    def call(self, seconds: int = 1, *, tiers: int = 1) -> AgentName:
        """Let a call be chosen for, answered, ended; the operator is ready again with the same seat."""
        agent = self.choose(tiers)
        assert agent is not None
        self.ready.remove(agent)
        self.now += seconds
        self.loads.worked(agent, seconds)
        self.loads.served(agent, BOOK, Instant(self.now))
        self.add(agent)
        return agent


def test_every_strategy_that_can_be_configured_has_a_policy() -> None:
    assert set(POLICIES) == set(Strategy)


@pytest.mark.parametrize(
    "strategy", [s for s in Strategy if s is not Strategy.WRANDOM]
)  # there the tier is a weight
def test_best_tier_first_and_lower_ones_only_once_open(strategy: Strategy) -> None:
    centre = Centre(strategy)
    centre.add(ANN, seats=[(BOOK, 1)])
    assert centre.choose(1) is None
    assert centre.choose(2) == ANN
    centre.add(BEN)
    assert centre.choose(2) == BEN


@pytest.mark.parametrize("strategy", Strategy)
def test_a_lower_tier_answers_when_the_better_one_is_free_but_has_refused(strategy: Strategy) -> None:
    centre = Centre(strategy)
    centre.add(ANN)
    centre.add(BEN, seats=[(BOOK, 1)])
    assert centre.choose(2, refused=[ANN]) == BEN
    assert centre.choose(1, refused=[ANN]) is None
    assert centre.choose(2, refused=[ANN, BEN]) is None


@pytest.mark.parametrize("strategy", Strategy)
def test_only_the_ready_are_chosen_and_removing_is_idempotent(strategy: Strategy) -> None:
    centre = Centre(strategy)
    centre.add(ANN, BEN)
    centre.ready.remove(ANN)
    centre.ready.remove(ANN)
    assert {centre.choose() for _ in range(20)} == {BEN}
    assert (ANN in centre.ready, BEN in centre.ready, len(centre.ready)) == (False, True, 1)


@pytest.mark.parametrize("strategy", Strategy)
def test_the_favourite_wins_if_ready_in_an_open_tier_and_not_refused(strategy: Strategy) -> None:
    centre = Centre(strategy)
    centre.add(ANN, BEN)
    centre.add(CAT, seats=[(BOOK, 1)])
    centre.add(DAN, seats=[(PIN, 0)])
    for favourite in (ANN, BEN):
        assert centre.ready.choose(BOOK, 1, nobody, favourite) == favourite
    assert centre.ready.choose(BOOK, 1, nobody, CAT) in {ANN, BEN}
    assert centre.ready.choose(BOOK, 2, nobody, CAT) == CAT
    assert centre.ready.choose(BOOK, 2, nobody, DAN) in {ANN, BEN, CAT}
    assert centre.ready.choose(BOOK, 1, [ANN].__contains__, ANN) == BEN


def test_being_ready_twice_is_refused() -> None:
    centre = Centre(Strategy.LINEAR)
    centre.add(ANN)
    with pytest.raises(ValueError, match="ready already"):
        centre.add(ANN)


def test_least_weighted_load_levels_seconds_not_calls() -> None:
    centre = Centre(Strategy.LEAST_WEIGHTED_LOAD)
    centre.add(ANN, BEN)
    assert [ANN, BEN, BEN, BEN, BEN, ANN] == [centre.call(s) for s in (300, 100, 100, 50, 60, 10)]


def test_least_weighted_load_gives_half_the_work_to_half_a_share() -> None:
    centre = Centre(Strategy.LEAST_WEIGHTED_LOAD)
    centre.loads.set_share(BEN, 0.5)
    centre.add(ANN, BEN)
    assert Counter({ANN: 20, BEN: 10}) == Counter(centre.call(60) for _ in range(30))


def test_least_weighted_load_breaks_ties_by_longest_idle() -> None:
    centre = Centre(Strategy.LEAST_WEIGHTED_LOAD)
    centre.add(CAT, ANN, BEN)
    assert centre.choose() == CAT


def test_whom_another_queue_may_soon_need_counts_as_more_loaded() -> None:
    """Ann alone covers the other queue, so she is spared until the gap is as large as that is worth."""
    worth = COVER_S * (COVER - 1)
    for gap, expected in ((0, BEN), (worth - 1, BEN), (worth + 1, ANN)):
        centre = Centre(Strategy.LEAST_WEIGHTED_LOAD)
        centre.loads.worked(BEN, gap)
        centre.add(ANN, seats=[(BOOK, 0), (PIN, 0)])
        centre.add(BEN)
        assert centre.choose() == expected


def well_covered() -> tuple[Centre, list[AgentName]]:
    """As many who serve both queues as another queue needs to spare one, then Ben."""
    both = [AgentName(f"both-{n}") for n in range(COVER)]
    centre = Centre(Strategy.LEAST_WEIGHTED_LOAD, [*both, BEN])
    centre.loads.worked(BEN, 1)
    centre.add(*both, seats=[(BOOK, 0), (PIN, 0)])
    centre.add(BEN)
    return centre, both


def test_a_queue_that_is_well_covered_spares_somebody() -> None:
    centre, both = well_covered()
    assert centre.choose() == both[0]


def test_a_queue_spares_nobody_once_one_of_too_few_has_left() -> None:
    centre, both = well_covered()
    centre.ready.remove(both[3])
    assert centre.choose() == BEN


def test_longest_idle_breaks_ties_between_operators_with_different_skills_too() -> None:
    centre = Centre(Strategy.LEAST_WEIGHTED_LOAD)
    centre.add(ANN)
    centre.add(BEN, seats=[(BOOK, 0), (PIN, 1)])
    centre.ready.remove(ANN)
    others = [AgentName(f"pin-{n}") for n in range(COVER)]
    centre.add(*others, seats=[(PIN, 0)])
    centre.add(ANN)
    assert centre.choose() == BEN


def test_longest_idle_ignores_how_much_was_worked() -> None:
    centre = Centre(Strategy.LONGEST_IDLE)
    centre.loads.worked(CAT, 10_000)
    centre.add(CAT, ANN, BEN)
    assert [CAT, ANN, BEN, CAT] == [centre.call() for _ in range(4)]


def test_leastrecent_takes_whose_last_call_ended_longest_ago_and_newcomers_first() -> None:
    centre = Centre(Strategy.LEAST_RECENT)
    for agent, ended in ((ANN, 30), (BEN, 10), (CAT, 20)):
        centre.loads.served(agent, BOOK, Instant(ended))
    centre.now = 100
    centre.add(ANN, BEN, CAT)
    assert [BEN, CAT, ANN] == [centre.call() for _ in range(3)]
    centre.add(DAN)
    assert centre.choose() == DAN


def test_leastrecent_looks_at_this_queue_only() -> None:
    centre = Centre(Strategy.LEAST_RECENT)
    centre.loads.served(ANN, PIN, Instant(99))
    centre.loads.served(BEN, BOOK, Instant(1))
    centre.now = 100
    centre.add(BEN, ANN)
    assert centre.choose() == ANN


def test_fewestcalls_counts_answered_calls_of_this_queue() -> None:
    centre = Centre(Strategy.FEWEST_CALLS)
    for agent, calls in ((ANN, 3), (BEN, 1), (CAT, 2)):
        for _ in range(calls):
            centre.loads.served(agent, BOOK, Instant(0))
    centre.loads.served(BEN, PIN, Instant(0))
    centre.loads.served(BEN, PIN, Instant(0))
    centre.add(ANN, BEN, CAT)
    assert [BEN, CAT, BEN] == [centre.call() for _ in range(3)]


def test_linear_always_starts_from_the_first_of_the_roster() -> None:
    centre = Centre(Strategy.LINEAR)
    centre.add(CAT, BEN)
    assert [BEN, BEN] == [centre.call(), centre.call()]
    centre.add(ANN)
    assert centre.choose() == ANN
    assert centre.choose(refused=[ANN]) == BEN


def test_rrordered_goes_round_the_roster() -> None:
    centre = Centre(Strategy.RR_ORDERED)
    centre.add(DAN, CAT, BEN, ANN)
    assert [ANN, BEN, CAT, DAN, ANN] == [centre.call() for _ in range(5)]


def test_rrmemory_goes_round_in_the_order_in_which_operators_came() -> None:
    centre = Centre(Strategy.RR_MEMORY)
    centre.add(CAT, ANN, BEN)
    assert [CAT, ANN, BEN, CAT] == [centre.call() for _ in range(4)]


def test_round_robin_leaves_off_after_whoever_was_rung_even_if_others_were_away() -> None:
    centre = Centre(Strategy.RR_ORDERED)
    centre.add(ANN, CAT)
    assert [ANN, CAT] == [centre.call(), centre.call()]
    centre.add(BEN, DAN)
    assert [DAN, ANN, BEN, CAT] == [centre.call() for _ in range(4)]


def test_round_robin_passes_over_who_refused_and_goes_on_behind_the_next() -> None:
    centre = Centre(Strategy.RR_ORDERED)
    centre.add(*TEAM)
    assert centre.choose(refused=[ANN]) == BEN
    assert centre.choose() == CAT


def test_random_draws_everybody_of_the_best_tier_equally_often() -> None:
    centre = Centre(Strategy.RANDOM)
    centre.add(ANN, BEN, CAT)
    centre.add(DAN, seats=[(BOOK, 1)])
    drawn = Counter(centre.choose(2) for _ in range(3000))
    assert set(drawn) == {ANN, BEN, CAT}
    assert all(abs(times - 1000) < 100 for times in drawn.values()), drawn


def test_random_draws_equally_among_those_who_did_not_refuse() -> None:
    centre = Centre(Strategy.RANDOM)
    centre.add(*TEAM)
    drawn = Counter(centre.choose(refused=[BEN]) for _ in range(3000))
    assert set(drawn) == {ANN, CAT, DAN}
    assert all(abs(times - 1000) < 100 for times in drawn.values()), drawn


def test_wrandom_lets_everybody_draw_up_to_the_weight_of_the_tier() -> None:
    """Compare with app_queue's metric, drawn for everybody: ``random % ((1 + penalty) * 1000)``."""
    centre = Centre(Strategy.WRANDOM)
    centre.add(ANN, BEN)
    centre.add(CAT, seats=[(BOOK, 1)])
    centre.add(DAN, seats=[(BOOK, 2)])
    rng = random.Random(3)
    tiers = {ANN: 0, BEN: 0, CAT: 1, DAN: 2}
    rounds = 20_000
    metric = Counter(
        min(TEAM, key=lambda agent: rng.randrange((1 + tiers[agent]) * 1000)) for _ in range(rounds)
    )
    drawn = Counter(centre.choose(3) for _ in range(rounds))
    assert all(abs(drawn[agent] - metric[agent]) < 0.015 * rounds for agent in TEAM), (drawn, metric)
    assert centre.choose(1) in {ANN, BEN}
