"""The calendar: every kind of day from 2024 to 2030, and both sides of every edge to the second (R4).

The public holidays of the table are those that the Cabinet Office announces (国民の祝日), with equinoxes as
calculated for later years; none is taken from the library that the calendar asks.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.schema import Hours
from sounds.parts import HOLIDAYS
from telephony.model.calendar import HORIZON_DAYS, Calendar
from telephony.model.ids import Instant, QueueName
from telephony.model.rulings import Override, Reason
from telephony.public_holidays import japanese_holiday

JST = ZoneInfo("Asia/Tokyo")
CITY_HOURS = {
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:15"}],
    "public_holidays": True,
    "year_end": {"first": "12-29", "last": "01-03"},
}
NUMBER, OTHER = "+81120000598", "+81120000599"
BOOKING, CARD = QueueName("booking"), QueueName("card")


def at(text: str) -> Instant:
    """Return a time of the centre: ``2027-01-04 09:00:00``."""
    return Instant(datetime.fromisoformat(text).replace(tzinfo=JST).timestamp())


def calendar(*overrides: Override, exceptions: object = (), **changes: object) -> Calendar:
    hours = Hours.model_validate(CITY_HOURS | {"exceptions": exceptions} | changes)
    return Calendar(hours, JST, japanese_holiday, overrides)


def shown(instant: Instant | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, JST).strftime("%Y-%m-%d %H:%M:%S")


OPEN, OFF, YEAR_END = "open", "休業日", "年末年始"
DAYS = (Path(__file__).parent / "days_2024_to_2030.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", DAYS)
def test_every_kind_of_day(row: str) -> None:
    day, expected = row.split(" ")
    plan = calendar().day(date.fromisoformat(day))
    if expected == OPEN:
        assert (at(f"{day} 09:00:00"), at(f"{day} 17:15:00")) == plan.spans[0]
        assert plan.reason is Reason.WITHIN
    else:
        assert () == plan.spans
        reasons = {OFF: (Reason.DAY_OFF, None), YEAR_END: (Reason.YEAR_END, None)}
        assert reasons.get(expected, (Reason.HOLIDAY, expected)) == (plan.reason, plan.name)


OPEN_DAYS = [row[:10] for row in DAYS if row.endswith(OPEN)]


@pytest.mark.parametrize("day", OPEN_DAYS)
def test_both_sides_of_each_edge_to_the_second(day: str) -> None:
    answers = [
        ("00:00:00", False, Reason.BEFORE),
        ("08:59:59", False, Reason.BEFORE),
        ("09:00:00", True, Reason.WITHIN),
        ("12:00:00", True, Reason.WITHIN),
        ("17:14:59", True, Reason.WITHIN),
        ("17:15:00", False, Reason.AFTER),
        ("23:59:59", False, Reason.AFTER),
    ]
    for clock, is_open, reason in answers:
        ruling = calendar().ruling(at(f"{day} {clock}"))
        assert (clock, is_open, reason) == (clock, ruling.open, ruling.reason)


@pytest.mark.parametrize("row", [row for row in DAYS if not row.endswith(OPEN)])
def test_a_day_off_is_off_from_its_first_to_its_last_second(row: str) -> None:
    day = row[:10]
    rulings = [calendar().ruling(at(f"{day} {clock}")) for clock in ("00:00:00", "09:00:00", "23:59:59")]
    assert not any(ruling.open for ruling in rulings)
    assert len(set(rulings)) == 1


def test_there_are_more_than_sixty_days_in_the_table() -> None:
    assert len({row[:10] for row in DAYS}) > 60
    assert {row[:4] for row in DAYS} == {str(year) for year in range(2024, 2031)}


def test_every_holiday_of_the_coming_decades_has_a_sound() -> None:
    days = (date(2024, 1, 1) + timedelta(days=offset) for offset in range(365 * 75))
    names = {name for day in days if (name := japanese_holiday(day)) is not None}
    assert names == set(HOLIDAYS)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-12-28 17:14:59", "2026-12-28 17:14:59"),
        ("2026-12-28 17:15:00", "2027-01-04 09:00:00"),
        ("2026-12-29 10:00:00", "2027-01-04 09:00:00"),
        ("2027-01-03 23:59:59", "2027-01-04 09:00:00"),
        ("2027-01-04 08:59:59", "2027-01-04 09:00:00"),
        ("2024-05-02 17:15:00", "2024-05-07 09:00:00"),
        ("2026-09-18 18:00:00", "2026-09-24 09:00:00"),
        ("2027-03-19 17:15:00", "2027-03-23 09:00:00"),
    ],
)
def test_the_next_opening_skips_every_day_off(now: str, opens: str) -> None:
    assert opens == shown(calendar().next_opening(at(now)))


def test_the_next_closing_is_the_end_of_the_hours_or_at_once() -> None:
    assert shown(calendar().next_closing(at("2027-01-04 10:00:00"))) == "2027-01-04 17:15:00"
    assert shown(calendar().next_closing(at("2027-01-04 18:00:00"))) == "2027-01-04 18:00:00"


def test_a_centre_without_hours_is_always_open() -> None:
    always = Calendar(Hours(), JST, japanese_holiday)
    ruling = always.ruling(at("2027-01-01 03:00:00"))
    assert (True, Reason.ALWAYS) == (ruling.open, ruling.reason)
    assert always.next_closing(at("2027-01-01 03:00:00")) is None


def test_a_centre_that_is_never_open_has_no_next_opening() -> None:
    never = calendar(
        exceptions=[{"day": "2020-01-01", "last_day": "2040-01-01", "closed": True, "reason": "移転"}]
    )
    assert never.next_opening(at("2027-01-04 10:00:00")) is None
    assert never.ruling(at("2027-01-04 10:00:00")).text == "臨時の日程（移転）"


SATURDAY = {"day": "2027-01-09", "opens": "09:00", "closes": "12:00", "reason": "休日開庁"}
CLOSED_MONDAY = {"day": "2027-02-15", "closed": True, "reason": "点検", "message": "inspection"}


def test_a_dated_exception_opens_a_day_off_with_its_own_hours() -> None:
    extra = calendar(exceptions=[SATURDAY])
    assert extra.ruling(at("2027-01-09 09:00:00")).text == "臨時の日程（休日開庁）"
    answers = [
        extra.is_open(at(f"2027-01-09 {clock}")) for clock in ("08:59:59", "09:00:00", "11:59:59", "12:00:00")
    ]
    assert [False, True, True, False] == answers
    assert extra.ruling(at("2027-01-09 12:00:00")).reason is Reason.AFTER
    assert shown(extra.next_opening(at("2027-01-08 18:00:00"))) == "2027-01-09 09:00:00"


def test_a_dated_exception_opens_even_a_holiday_and_the_days_around_new_year() -> None:
    days = [SATURDAY | {"day": day} for day in ("2026-12-29", "2027-01-11")]
    extra = calendar(exceptions=days)
    assert extra.is_open(at("2026-12-29 10:00:00"))
    assert extra.is_open(at("2027-01-11 10:00:00"))


def test_a_dated_exception_closes_a_working_day_and_says_what_it_wants() -> None:
    ruling = calendar(exceptions=[CLOSED_MONDAY]).ruling(at("2027-02-15 10:00:00"))
    assert (False, Reason.EXCEPTION, "inspection") == (ruling.open, ruling.reason, ruling.message)


def test_two_exceptions_of_one_day_are_its_two_halves() -> None:
    halves = [SATURDAY, SATURDAY | {"opens": "13:00", "closes": "16:00"}]
    extra = calendar(exceptions=halves)
    assert extra.ruling(at("2027-01-09 12:30:00")).reason is Reason.BREAK
    assert shown(extra.next_opening(at("2027-01-09 12:30:00"))) == "2027-01-09 13:00:00"


def test_an_exception_for_a_queue_opens_that_queue_alone() -> None:
    extra = calendar(exceptions=[SATURDAY | {"queues": [BOOKING]}])
    now = at("2027-01-09 10:00:00")
    assert extra.is_open(now, NUMBER, BOOKING)
    assert not extra.is_open(now, NUMBER, CARD)
    assert not extra.is_open(now, NUMBER)


def test_an_exception_for_a_number_closes_that_number_alone() -> None:
    extra = calendar(exceptions=[CLOSED_MONDAY | {"numbers": [NUMBER]}])
    now = at("2027-02-15 10:00:00")
    assert not extra.is_open(now, NUMBER, BOOKING)
    assert extra.is_open(now, OTHER, BOOKING)


def test_the_more_special_exception_decides() -> None:
    both = [
        CLOSED_MONDAY,
        CLOSED_MONDAY | {"closed": False, "opens": "10:00", "closes": "11:00", "queues": [CARD]},
    ]
    extra = calendar(exceptions=both)
    assert extra.is_open(at("2027-02-15 10:30:00"), NUMBER, CARD)
    assert not extra.is_open(at("2027-02-15 10:30:00"), NUMBER, BOOKING)


def override(since: str, until: str, *, opens: bool, **more: object) -> Override:
    return Override(f"{since} {opens}", opens, at(since), at(until), **more)  # type: ignore[arg-type]


def test_what_is_ad_hoc_begins_and_ends_by_itself() -> None:
    evening = calendar(override("2027-01-04 18:00:00", "2027-01-04 20:00:00", opens=True))
    clocks = ("17:59:59", "18:00:00", "19:59:59", "20:00:00")
    assert [False, True, True, False] == [evening.is_open(at(f"2027-01-04 {clock}")) for clock in clocks]
    assert shown(evening.next_opening(at("2027-01-04 17:30:00"))) == "2027-01-04 18:00:00"
    assert evening.ruling(at("2027-01-04 18:00:00")).text == "臨時の受付"


def test_an_ad_hoc_closing_beats_every_rule_and_the_opening_comes_after_it() -> None:
    closed = calendar(
        override("2027-01-09 10:00:00", "2027-01-09 11:00:00", opens=False), exceptions=[SATURDAY]
    )
    now = at("2027-01-09 10:30:00")
    assert closed.ruling(now).text == "臨時の休止"
    assert shown(closed.next_opening(now)) == "2027-01-09 11:00:00"


def test_of_two_ad_hoc_the_one_entered_last_decides() -> None:
    whole = override("2027-01-04 09:00:00", "2027-01-04 12:00:00", opens=False)
    back = override("2027-01-04 10:00:00", "2027-01-04 12:00:00", opens=True, queues=(CARD,))
    now = at("2027-01-04 10:30:00")
    assert calendar(whole, back).is_open(now, NUMBER, CARD)
    assert not calendar(whole, back).is_open(now, NUMBER, BOOKING)
    assert not calendar(back, whole).is_open(now, NUMBER, CARD)


def test_open_hours_can_be_counted_across_days_off() -> None:
    friday, monday = at("2026-12-28 16:15:00"), at("2027-01-04 10:00:00")
    assert calendar().open_seconds(friday, monday) == 2 * 3600


def test_counting_the_open_hours_of_a_day_looks_at_no_later_year() -> None:
    asked: set[date] = set()
    hours = Hours.model_validate({"public_holidays": True})  # else always open: nothing closes for years
    always = Calendar(hours, JST, asked.add)
    assert always.open_seconds(at("2027-01-04 00:00:00"), at("2027-01-05 00:00:00")) == 24 * 3600
    assert asked <= {date(2027, 1, day) for day in (4, 5, 6)}


def test_a_span_of_open_hours_ends_in_the_next_opening() -> None:
    assert shown(calendar().after_open_seconds(at("2026-12-28 17:00:00"), 1800)) == "2027-01-04 09:15:00"
    assert shown(calendar().after_open_seconds(at("2026-12-28 10:00:00"), 1800)) == "2026-12-28 10:30:00"


def test_more_open_hours_than_the_horizon_holds_have_no_end() -> None:
    assert calendar().after_open_seconds(at("2027-01-04 10:00:00"), HORIZON_DAYS * 24 * 3600) is None
