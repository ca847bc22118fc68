"""The answer rate of today and of this month, with what is to come (R15), by the one definition."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.schema import Centre
from madoguchi.alerts.forecast import Hours, calls_left_today, rate
from madoguchi.alerts.readings import Rate
from storage import Pool
from telephony.figures import day_of, month_of, tally
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant

LATELY = timedelta(days=28)
"""From which a usual day is learned: four of each weekday."""

RECENTLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rates:
    """Both forecasts."""

    day: Rate
    month: Rate


async def rates(pool: Pool, plan: Centre, calendar: Calendar, now: datetime) -> Rates:
    """Return both as of *now* (aware). Raises what `telephony.figures.tally` raises."""
    day, month = day_of(now, calendar.zone), month_of(now, calendar.zone)
    queues, goal = plan.queues, plan.goals.answer_rate
    today = await tally(pool, *day, queues)
    whole_month = await tally(pool, *month, queues)
    recent = await tally(pool, now - RECENTLY, now, queues)
    before = await tally(pool, day[0] - LATELY, day[0], queues)
    open_before = _open_days(calendar, day[0] - LATELY, day[0])
    usual = before.offered / open_before if open_before and before.offered else None
    left_today = calls_left_today(today, usual, _hours(calendar, day, now))
    a_day = usual if usual is not None else today.offered + left_today
    later = a_day * _open_days(calendar, day[1], month[1])
    return Rates(rate(today, recent, left_today, goal), rate(whole_month, recent, left_today + later, goal))


def _hours(calendar: Calendar, day: tuple[datetime, datetime], now: datetime) -> Hours:
    begins, ends = (Instant(edge.timestamp()) for edge in day)
    at = Instant(now.timestamp())
    return Hours(calendar.open_seconds(begins, at), calendar.open_seconds(at, ends))


def _open_days(calendar: Calendar, since: datetime, until: datetime) -> int:
    """Return on how many days from *since* to before *until* (both midnight) the centre is open."""
    count = (until.date() - since.date()).days
    return sum(bool(calendar.day(since.date() + timedelta(days=number)).spans) for number in range(count))
