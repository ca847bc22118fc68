"""The weighted load: what counts, for whom, and that a break is neither credit nor debt."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.schema import Strategy
from telephony.model.distribution import ReadyOperators
from telephony.model.ids import AgentName, Instant, QueueName
from telephony.model.loads import CARRY_S, Loads

ANN, BEN = AgentName("ann"), AgentName("ben")
BOOK, PIN = QueueName("book"), QueueName("pin")
seconds = st.integers(0, 50_000)


def test_v_is_seconds_over_share() -> None:
    loads = Loads()
    loads.set_share(BEN, 0.5)
    for agent in (ANN, BEN):
        loads.worked(agent, 100)
    assert (100, 200) == (loads.of(ANN), loads.of(BEN))


def test_a_new_share_counts_from_then_on() -> None:
    loads = Loads()
    loads.worked(ANN, 100)
    loads.set_share(ANN, 2)
    loads.worked(ANN, 100)
    assert loads.of(ANN) == 150


@pytest.mark.parametrize("share", [0, -1])
def test_a_share_that_is_not_positive_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Loads().set_share(ANN, share)


def test_negative_work_is_refused() -> None:
    loads = Loads()
    with pytest.raises(ValueError, match="cannot have worked"):
        loads.worked(ANN, -1)
    assert loads.of(ANN) == 0


def test_calls_and_last_call_are_kept_per_queue() -> None:
    loads = Loads()
    loads.served(ANN, BOOK, Instant(10))
    loads.served(ANN, BOOK, Instant(20))
    loads.served(ANN, PIN, Instant(15))
    assert (2, 1, 0) == (loads.calls(ANN, BOOK), loads.calls(ANN, PIN), loads.calls(BEN, BOOK))
    assert loads.last_call(ANN, BOOK) == Instant(20)
    assert loads.last_call(ANN, PIN) == Instant(15)
    assert loads.last_call(BEN, BOOK) is None


@given(before=seconds, own=seconds, meanwhile=seconds)
def test_a_break_changes_nothing_between_an_operator_and_the_others(
    before: int, own: int, meanwhile: int
) -> None:
    loads = Loads()
    loads.worked(ANN, before)
    loads.served(ANN, BOOK, Instant(0))
    loads.worked(BEN, own)
    ahead = loads.of(BEN) - loads.level(BOOK)
    loads.left(BEN, loads.level(BOOK))
    loads.worked(ANN, meanwhile)
    loads.served(ANN, BOOK, Instant(1))
    loads.returned(BEN, loads.level(BOOK))
    assert ahead == loads.of(BEN) - loads.level(BOOK)


def test_leaving_twice_counts_from_the_first_time() -> None:
    loads = Loads()
    loads.worked(BEN, 100)
    loads.left(BEN, 0)
    loads.left(BEN, 5000)
    loads.returned(BEN, 9000)
    assert loads.of(BEN) == 9100


@given(gap=st.integers(-100_000, 100_000))
def test_a_new_day_starts_near_the_others_whatever_happened_before(gap: int) -> None:
    loads = Loads()
    loads.worked(ANN, 200_000)
    loads.left(ANN, 200_000 - gap)
    loads.signed_in(ANN, 50_000)
    assert abs(loads.of(ANN) - 50_000) == min(abs(gap), CARRY_S)


def test_a_newcomer_starts_level_with_the_others() -> None:
    loads = Loads()
    loads.signed_in(BEN, 7000)
    assert loads.of(BEN) == 7000


def test_whoever_comes_back_from_a_break_gets_neither_more_nor_fewer_calls_than_the_others() -> None:
    """Forty calls while Dan is away, then forty: each of the four gets ten of the latter."""
    loads = Loads()
    team = [AgentName(name) for name in ("ann", "ben", "cat", "dan")]
    ready = ReadyOperators({BOOK: Strategy.LEAST_WEIGHTED_LOAD}, team, loads, random.Random(1))
    seats = [(BOOK, 0)]
    for agent in team:
        ready.add(agent, seats, Instant(0))

    def serve(calls: range) -> dict[AgentName, int]:
        answered = dict.fromkeys(team, 0)
        for now in calls:
            agent = ready.choose(BOOK, 1, lambda _: False)
            assert agent is not None
            ready.remove(agent)
            answered[agent] += 1
            loads.worked(agent, 300)
            loads.served(agent, BOOK, Instant(now))
            ready.add(agent, seats, Instant(now))
        return answered

    serve(range(1, 21))
    ready.remove(team[3])
    loads.left(team[3], ready.floor(seats))
    assert serve(range(21, 61))[team[3]] == 0
    loads.returned(team[3], ready.floor(seats))
    ready.add(team[3], seats, Instant(61))
    answered = serve(range(61, 101))
    assert all(abs(calls - 10) <= 1 for calls in answered.values()), answered
