"""Where the answer rate is going."""

import pytest

from madoguchi.alerts.forecast import Hours, calls_left_today, rate
from telephony.figures import Tally

HOUR = 3_600.0


def test_one_lost_call_in_the_morning_is_no_verdict() -> None:
    """Two calls, one lost, thirty to come: the goal weighs more than one call."""
    found = rate(Tally(offered=2, answered=1), Tally(offered=2, answered=1), 30, 90)
    assert 75 < found.forecast < 90
    assert found.best == pytest.approx(100 * 31 / 32)


def test_a_bad_hour_draws_the_forecast_down_and_a_good_one_up() -> None:
    so_far = Tally(offered=100, answered=92)
    bad = rate(so_far, Tally(offered=40, answered=20), 100, 90)
    good = rate(so_far, Tally(offered=40, answered=40), 100, 90)
    assert bad.forecast < 90 < good.forecast


def test_at_the_end_of_the_day_the_forecast_is_the_rate() -> None:
    so_far = Tally(offered=50, answered=40)
    found = rate(so_far, Tally(offered=9, answered=9), 0.0, 90)
    assert (found.forecast, found.best) == (80.0, 80.0)
    assert rate(Tally(), Tally(), 0.0, 90).forecast == 100.0


def test_calls_to_come_are_as_many_as_usual_in_the_hours_that_are_left() -> None:
    morning = Hours(0.0, 8 * HOUR)
    assert calls_left_today(Tally(), 40.0, morning) == 40.0
    noon = Hours(4 * HOUR, 4 * HOUR)
    assert calls_left_today(Tally(offered=20), 40.0, noon) == pytest.approx(20.0)
    assert calls_left_today(Tally(offered=80), 40.0, noon) == pytest.approx(40.0)
    assert calls_left_today(Tally(offered=20), None, noon) == pytest.approx(20.0)
    assert calls_left_today(Tally(), 40.0, Hours(0.0, 0.0)) == 0.0
    assert calls_left_today(Tally(offered=3), None, Hours(0.0, HOUR)) == 0.0
