"""The time in Japan, and how it is written for people: 12月8日(火) 10:30."""

from datetime import datetime

from telephony.record import JST

_DAYS = "月火水木金土日"


def japanese_time() -> datetime:
    """Return the time now, in Japan."""
    return datetime.now(JST)


def day_and_time(at: datetime) -> str:
    """Return *at* in Japan's time as a colleague would write it."""
    local = at.astimezone(JST)
    return f"{local.month}月{local.day}日({_DAYS[local.weekday()]}) {local:%H:%M}"
