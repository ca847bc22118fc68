"""One day of the calendar as plain data, for the command line and the HTTP interface."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from config.schema import Centre, DatedHours
from madoguchi.hours.entries import Entry
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant
from telephony.model.rulings import written

WEEKDAYS = "月火水木金土日"


def day_content(
    calendar: Calendar, plan: Centre, entries: Iterable[Entry], day: date, now: Instant
) -> Mapping[str, Any]:
    """Return *day*: its hours as they will be, the reason, what is ad hoc, and when it opens next.

    *hours* holds for everybody; what differs for a queue or a number is in *exceptions*. *next_opening* is
    from now on, or from the day's first second when that is still to come.
    """
    first, last = _midnight(calendar, day), _midnight(calendar, day + timedelta(days=1))
    plan_of_day = calendar.day(day)
    spans = [(calendar.local(a), calendar.local(b)) for a, b in calendar.spans(first, last)]
    opens = calendar.next_opening(max(first, now))
    return {
        "date": day.isoformat(),
        "weekday": WEEKDAYS[day.weekday()],
        "open": bool(spans),
        "hours": [{"opens": a.isoformat(), "closes": b.isoformat()} for a, b in spans],
        "reason": written(plan_of_day.reason, plan_of_day.name, is_open=bool(plan_of_day.spans)),
        "kind": plan_of_day.reason.value,
        "exceptions": [_exception(each) for each in plan.hours.exceptions if each.covers(day)],
        "ad_hoc": [entry_content(entry, calendar) for entry in entries if _touches(entry, first, last)],
        "next_opening": None if opens is None else calendar.local(opens).isoformat(),
    }


def entry_content(entry: Entry, calendar: Calendar) -> dict[str, Any]:
    """Return one entry of the book, in the centre's own time."""
    zone = calendar.zone
    return {
        "id": entry.id,
        "opens": entry.opens,
        "since": entry.since.astimezone(zone).isoformat(timespec="seconds"),
        "until": entry.until.astimezone(zone).isoformat(timespec="seconds"),
        "message": entry.message,
        "numbers": list(entry.numbers),
        "queues": list(entry.queues),
        "entered_by": entry.entered_by,
        "entered_at": entry.entered_at.astimezone(zone).isoformat(timespec="seconds"),
    }


def _exception(dated: DatedHours) -> dict[str, Any]:
    return dated.model_dump(mode="json", exclude_defaults=True)


def _midnight(calendar: Calendar, day: date) -> Instant:
    return Instant(datetime(day.year, day.month, day.day, tzinfo=calendar.zone).timestamp())


def _touches(entry: Entry, first: Instant, last: Instant) -> bool:
    return entry.cancelled_at is None and entry.since.timestamp() < last and first < entry.until.timestamp()
