"""Rules between fields, and between a wish and the plan."""

from collections.abc import Iterable, Sequence
from datetime import date

from booking.errors import FieldFault, Invalid
from config.schema.booking import Booking


def check_people(plan: Booking, people: int | None, family: Sequence[object]) -> int:
    """Return how many come: at least the family and the one who asks. Raises `Invalid`."""
    named = 1 + len(family)
    count = named if people is None else people
    if count < named:
        raise Invalid(FieldFault("people", f"人数が{count}人ですが、お名前は{named}人分あります。"))
    if count > plan.most_people:
        detail = f"一度に予約できるのは{plan.most_people}人までです。分けて予約してください。"
        raise Invalid(FieldFault("people", detail))
    return count


def check_birth_dates(days: Iterable[date | None], today: date) -> None:
    """Raise `Invalid` for somebody who is not born yet: a year that was mistyped."""
    if any(day is not None and day > today for day in days):
        raise Invalid(FieldFault("birth_date", "生年月日が未来の日付になっています。年を確かめてください。"))
