"""Which slots follow from the plan: weekdays, holidays, the year's end, exceptions, quotas."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from booking.opening import at_year_end, closed_because, hours_on
from booking.timetable import seats_of, slots_between
from config.loading import load_centre
from config.schema.booking import Booking, Channel, ChannelRule
from tests.unit.config.test_sample import SAMPLE

JAPAN = ZoneInfo("Asia/Tokyo")
PLAN = load_centre(SAMPLE).booking


def hours(venue: str, day: date) -> tuple[tuple[time, time], ...]:
    found = PLAN.venue(venue)
    assert found is not None
    return hours_on(day, found, PLAN.year_end)


def test_the_city_hall_is_open_on_weekdays_only() -> None:
    assert hours("koseki", date(2026, 12, 7)) == ((time(9), time(17)),)
    assert hours("koseki", date(2026, 12, 6)) == ()  # Sunday
    assert hours("koseki", date(2027, 3, 22)) == ()  # substitute for the Vernal Equinox on Sunday
    assert hours("ureshino", date(2026, 12, 7)) == ((time(9), time(12)), (time(13), time(16, 30)))


def test_the_card_centre_is_open_on_holidays_but_not_at_the_years_end() -> None:
    assert hours("card-centre", date(2027, 1, 11))  # Coming of Age Day, a Monday
    assert hours("card-centre", date(2026, 12, 28))
    assert not any(hours("card-centre", date(2026, 12, 29) + timedelta(days=n)) for n in range(6))
    assert hours("card-centre", date(2027, 1, 4))


def test_an_exception_overrules_everything_and_says_why() -> None:
    venue = PLAN.venues[0].model_dump(mode="json")
    venue["exceptions"] = [
        {"on": "2026-12-30", "opens": "10:00", "closes": "12:00"},
        {"on": "2026-12-07", "why": "停電工事"},
    ]
    plan = Booking.model_validate({"services": PLAN.services, "venues": [venue]})
    hall = plan.venues[0]
    assert hours_on(date(2026, 12, 30), hall, plan.year_end) == ((time(10), time(12)),)
    reasons = [closed_because(date(2026, 12, day), hall, plan) for day in (7, 8, 13, 31)]
    assert reasons == ["停電工事", None, "定休日", "年末年始"]
    assert closed_because(date(2026, 11, 23), hall, plan) == "勤労感謝の日"


def test_slots_fill_the_hours_and_never_overlap() -> None:
    slots = list(slots_between(PLAN, date(2026, 12, 7), date(2026, 12, 13), JAPAN))
    by_counter: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
    for slot in slots:
        by_counter.setdefault((slot.venue, slot.counter), []).append((slot.starts_at, slot.ends_at))
    assert len(by_counter) == 7
    for times in by_counter.values():
        assert all(before[1] <= after[0] for before, after in pairwise(times))
    monday = [slot for slot in slots if slot.venue == "koseki" and slot.counter == "card"][:16]
    assert (monday[0].starts_at.hour, monday[-1].ends_at.hour, len(monday[0].seats)) == (9, 17, 3)


@given(st.integers(1, 100), st.floats(0.01, 1))
def test_a_channel_gets_its_share_and_at_least_one(desks: int, share: float) -> None:
    rules = (ChannelRule(name=Channel.OPERATOR), ChannelRule(name=Channel.WEB, share=share))
    seats = seats_of(Booking(channels=rules), desks)
    assert all(Channel.OPERATOR in seat for seat in seats)
    assert sum(Channel.WEB in seat for seat in seats) == max(1, int(share * desks))
    assert [len(seat) for seat in seats] == sorted(len(seat) for seat in seats)  # the rarest first


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_years_end_is_the_same_every_year(day: date) -> None:
    closed = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    assert at_year_end(day, ("12-29", "01-03")) is closed
    assert at_year_end(day, None) is False
