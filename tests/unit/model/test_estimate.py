"""What the expected wait rests on: the place, how long calls take, who is at work and who comes back."""

from math import inf

import pytest

from telephony.model.announcing import said_minutes
from telephony.model.estimate import REST, Pace, forecast
from telephony.model.ids import AgentName, Instant, QueueName

BOOKING, CARD = QueueName("booking"), QueueName("card")
BOTH, ONE = frozenset({BOOKING, CARD}), frozenset({BOOKING})
SATO = AgentName("sato")


@pytest.fixture
def pace() -> Pace:
    fresh = Pace()
    fresh.expect({BOOKING: 300.0, CARD: 600.0})
    return fresh


def after(pace: Pace, ahead: int, people: int, *returning: float) -> float:
    found = forecast(BOOKING, {BOOKING: ahead}, [ONE] * people, returning, pace)
    assert found is not None
    return found


def test_it_grows_with_the_place_and_falls_with_the_operators(pace: Pace) -> None:
    assert after(pace, 0, 1) == pytest.approx(REST * 300)
    assert after(pace, 3, 1) == pytest.approx((3 + REST) * 300)
    assert after(pace, 3, 3) == pytest.approx((3 + REST) * 100)


def test_nobody_at_work_is_no_forecast(pace: Pace) -> None:
    assert forecast(BOOKING, {BOOKING: 3}, [frozenset({CARD})], [], pace) is None


def test_callers_of_another_queue_count_as_far_as_they_take_the_same_operators(pace: Pace) -> None:
    crew = [BOTH, ONE, frozenset({CARD})]
    assert forecast(BOOKING, {CARD: 2}, crew, [], pace) == pytest.approx((2 * 600 / 2 + REST * 300) / 2)


def test_callers_who_give_up_shorten_it(pace: Pace) -> None:
    before = after(pace, 10, 1)
    for _ in range(50):
        pace.waited(300, gave_up=True)
    assert after(pace, 10, 1) < before / 1.5


def test_an_operator_who_is_about_to_come_back_shortens_it(pace: Pace) -> None:
    assert after(pace, 2, 1, inf) == after(pace, 2, 1)
    assert after(pace, 2, 1, 186.0) == pytest.approx(186 + (600 + REST * 300 - 186) / 2)
    assert after(pace, 2, 1, 10_000.0) == after(pace, 2, 1)


def test_breaks_are_known_by_reason_once_there_was_one(pace: Pace) -> None:
    pace.away(SATO, "lunch", Instant(0))
    assert pace.back_in(SATO, Instant(10)) == inf
    pace.back(SATO, Instant(3_000))
    pace.away(SATO, "lunch", Instant(5_000))
    assert pace.back_in(SATO, Instant(6_000)) == 2_000
    assert pace.back_in(SATO, Instant(9_000)) == 120
    pace.gone(SATO)
    assert pace.back_in(SATO, Instant(9_000)) == inf


def test_how_long_calls_take_is_learnt_from_calls_that_were_talked(pace: Pace) -> None:
    pace.taken(SATO, BOOKING, Instant(0), talks=False)
    pace.free(SATO, Instant(20))
    assert pace.of(BOOKING) == 300
    for _ in range(300):
        pace.taken(SATO, BOOKING, Instant(0), talks=False)
        pace.taken(SATO, BOOKING, Instant(5), talks=True)
        pace.free(SATO, Instant(100))
    assert pace.of(BOOKING) == pytest.approx(100, abs=15)


def test_forecasts_that_did_not_come_true_correct_the_next(pace: Pace) -> None:
    assert pace.correction == 1
    for _ in range(100):
        pace.came_true(300, 150)
    assert pace.correction == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 1), (89, 1), (91, 2), (630, 10), (700, 12), (1_640, 25), (9_999, 30)]
)
def test_minutes_are_the_nearest_that_are_said(seconds: float, minutes: int) -> None:
    assert said_minutes(seconds) == minutes
