"""When a venue takes reservations: hours by day of the week, public holidays, the year's end, exceptions.

Pure. An exception overrules everything, also the year's end.
"""

from datetime import date, time, timedelta

from config.schema.booking import Booking, Venue
from config.schema.hours import Weekday
from telephony.public_holidays import japanese_holiday

_WEEKDAYS = tuple(Weekday)


def hours_on(day: date, venue: Venue, year_end: tuple[str, str] | None) -> tuple[tuple[time, time], ...]:
    """Return the times between which *venue* takes reservations on *day*; none when it is closed."""
    exception = next((each for each in venue.exceptions if each.on == day), None)
    if exception is not None:
        opens, closes = exception.opens, exception.closes
        return ((opens, closes),) if opens is not None and closes is not None else ()
    if at_year_end(day, year_end) or (not venue.open_on_holidays and japanese_holiday(day)):
        return ()
    weekday = _WEEKDAYS[day.weekday()]
    return tuple(sorted((each.opens, each.closes) for each in venue.hours if weekday in each.days))


def closed_because(day: date, venue: Venue, plan: Booking) -> str | None:
    """Return why *venue* is closed on *day*, in words for a citizen; None when it is open."""
    if hours_on(day, venue, plan.year_end):
        return None
    exception = next((each for each in venue.exceptions if each.on == day), None)
    if exception is not None:
        return exception.why or "臨時休業"
    if at_year_end(day, plan.year_end):
        return "年末年始"
    return japanese_holiday(day) or "定休日"


def closed_days(first: date, last: date, venue: Venue, plan: Booking) -> dict[date, str]:
    """Return why *venue* is closed, for each day from *first* to *last* on which it is."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    reasons = ((day, closed_because(day, venue, plan)) for day in days)
    return {day: why for day, why in reasons if why is not None}


def at_year_end(day: date, year_end: tuple[str, str] | None) -> bool:
    """Return whether *day* lies between the two days (month-day), also over the turn of the year."""
    if year_end is None:
        return False
    first, last = year_end
    today = f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last
