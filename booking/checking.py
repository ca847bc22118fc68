"""Rules between fields, and between a wish and the plan."""

import re
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


_MOBILE = re.compile(r"0[6-9]0\d{8}")
"""Numbers of mobile telephones in Japan; an SMS abroad costs what nobody has agreed to."""


def check_consent(consent: Sequence[str], phone: str, email: str | None) -> None:
    """Raise `Invalid` when somebody wants to be told in a way in which they cannot be reached."""
    faults = []
    if "sms" in consent and not _MOBILE.fullmatch(phone):
        detail = "この電話番号には SMS を送れません。携帯電話の番号を入れるか、SMS の希望を外してください。"
        faults.append(FieldFault("consent", detail))
    if "email" in consent and not email:
        faults.append(FieldFault("email", "メールでのお知らせには、メールアドレスが必要です。"))
    if faults:
        raise Invalid(*faults)
