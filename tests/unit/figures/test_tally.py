"""Rates and what may still be lost, worked out exactly."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.figures import Tally, day_of, month_of

JST = ZoneInfo("Asia/Tokyo")


def test_without_calls_there_is_no_rate_and_nothing_to_lose() -> None:
    assert (None, None, 0) == (Tally().answer_rate, Tally().service_level, Tally().may_be_lost(90))


@pytest.mark.parametrize(
    ("answered", "offered", "goal", "expected"),
    [
        (90, 100, 90, 0),
        (99, 100, 90, 10),
        (89, 100, 90, -10),  # 99 of 110
        (0, 1, 90, -9),  # 9 of 10
        (921, 1000, 92.1, 0),  # no binary fraction is 92.1 %
        (99, 100, 100, -1),
    ],
)
def test_how_many_may_still_be_lost(answered: int, offered: int, goal: float, expected: int) -> None:
    assert expected == Tally(offered=offered, answered=answered).may_be_lost(goal)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 99))
def test_one_call_more_than_may_be_lost_is_below_the_goal(answered: int, lost: int, goal: int) -> None:
    """Whole numbers only, so that the test cannot be wrong where the code is."""
    offered = answered + lost
    found = Tally(offered=offered, answered=answered).may_be_lost(goal)
    if found >= 0:
        assert 100 * answered >= goal * (offered + found)
        assert 100 * answered < goal * (offered + found + 1)
    else:
        assert 100 * (answered - found) >= goal * (offered - found)
        assert 100 * (answered - found - 1) < goal * (offered - found - 1)


def test_a_day_and_a_month_are_those_of_japan() -> None:
    just_before_midnight_utc = datetime(2026, 12, 31, 15, 30, tzinfo=ZoneInfo("UTC"))
    assert (
        datetime(2027, 1, 1, tzinfo=JST),
        datetime(2027, 1, 2, tzinfo=JST),
    ) == day_of(just_before_midnight_utc, JST)
    assert (
        datetime(2027, 1, 1, tzinfo=JST),
        datetime(2027, 2, 1, tzinfo=JST),
    ) == month_of(just_before_midnight_utc, JST)
