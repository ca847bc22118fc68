"""How times and numbers are written for people and programs outside: ISO 8601 with offset, 090-1234-5678."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from telephony.model.ids import Instant

WITHHELD = "番号非通知"
_HIDDEN, _LEFT_OPEN = 4, 4


@lru_cache(maxsize=4096)
def iso(at: Instant, zone: ZoneInfo) -> str:
    """Return *at* in ISO 8601 with milliseconds and the offset of *zone*.

    Cached, because each message about a call says again when it arrived, waited and was connected.
    """
    return datetime.fromtimestamp(at, zone).isoformat(timespec="milliseconds")


def optional_iso(at: Instant | None, zone: ZoneInfo) -> str | None:
    """Return *at* as `iso` does, or None."""
    return None if at is None else iso(at, zone)


@lru_cache(maxsize=4096)
def phone_number(number: str | None) -> str:
    """Return *number* as Japanese readers group it; anything that is no number is returned as it is.

    Cached, because the same number is shown in several messages of a call and parsing costs 30 µs.
    """
    if number is None:
        return WITHHELD
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return number
    japanese = parsed.country_code == 81  # noqa: PLR2004 -- Japan's country code (ITU-T E.164)
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if japanese else style.INTERNATIONAL)


def masked(number: str | None) -> str | None:
    """Return *number* with four digits hidden, enough to tell callers apart and not to call them."""
    hidden = -_LEFT_OPEN - _HIDDEN
    return None if number is None else f"{number[:hidden]}{'*' * _HIDDEN}{number[-_LEFT_OPEN:]}"
