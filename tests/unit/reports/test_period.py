"""The time that a report is about."""

from datetime import date, datetime, timedelta

import pytest

from reports.period import Kind, Period
from telephony.record import JST


def test_a_day_is_from_midnight_to_midnight_in_japan() -> None:
    period = Period.of(Kind.DAILY, date(2026, 12, 28), JST)
    assert (period.since, period.until) == (
        datetime(2026, 12, 28, tzinfo=JST),
        datetime(2026, 12, 29, tzinfo=JST),
    )
    assert (period.title, period.name) == ("日報 2026年12月28日（月）", "daily-2026-12-28")


@pytest.mark.parametrize("month", range(1, 13))
def test_months_follow_each_other_without_gap_or_overlap(month: int) -> None:
    last = Period.of(Kind.MONTHLY, date(2028, month, 28), JST)
    following = Period.of(Kind.MONTHLY, (last.until + timedelta(days=3)).date(), JST)
    assert last.since.day == 1
    assert following.since == last.until
    assert last.title == f"月報 2028年{month}月"
