"""The parts that are rendered ahead for each kind of slot, and which of them say a given value.

Sound ids: a prompt without slots is ``<prompt>``; else its n-th segment is ``<prompt>_<n>``, and a number
or holiday in it ``<prompt>_<n>_<value>``. Parts that all prompts share are ``say_<what>_<value>``. Prompt
ids hold no underscore, so no two of these can meet.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time

from sounds.errors import PhraseError
from sounds.normaliser.phone_words import DIGIT_WORDS, phone_groups
from sounds.template import Kind

MOST = 9_999
"""The largest number that can be said: thousands and hundreds lead, the rest ends the phrase."""

_COUNTED = (*range(100), *range(100, 1000, 100), *range(1000, MOST + 1, 1000))
_LEADING = (*range(100, 1000, 100), *range(1000, MOST + 1, 1000))
_WEEKDAYS = "月火水木金土日"
_NOON = 12
_GROUP, _MOST_DIGITS = 3, 20
_DIGITS = re.compile(rf"[0-9]{{1,{_MOST_DIGITS}}}", re.ASCII)

HOLIDAYS = {
    "元日": "ganjitsu",
    "成人の日": "seijin",
    "建国記念の日": "kenkoku",
    "天皇誕生日": "tenno",
    "春分の日": "shunbun",
    "昭和の日": "showa",
    "憲法記念日": "kenpo",
    "みどりの日": "midori",
    "こどもの日": "kodomo",
    "海の日": "umi",
    "山の日": "yama",
    "敬老の日": "keiro",
    "秋分の日": "shubun",
    "スポーツの日": "sports",
    "文化の日": "bunka",
    "勤労感謝の日": "kinro",
    "国民の休日": "kokumin",
    "振替休日": "furikae",
}
"""Japan's public holidays, and what the sounds that name them end in."""


def counted(suffix: str) -> Iterator[tuple[int, str]]:
    """Yield each value that ends a number, with its text."""
    return ((value, f"{value}{suffix}") for value in _COUNTED)


def holidays(suffix: str) -> Iterator[tuple[str, str]]:
    """Yield the ending of the sound of each holiday, with its text."""
    return ((ending, f"{name}{suffix}") for name, ending in HOLIDAYS.items())


def holiday(value: object) -> str:
    """Return what the sound of a holiday's name ends in."""
    if not isinstance(value, str) or value not in HOLIDAYS:
        raise PhraseError(f"The name of a public holiday is needed, not {_shown(value)}.")
    return HOLIDAYS[value]


def shared(kind: Kind) -> Mapping[str, str]:
    """Return the parts of *kind* that every prompt shares: sound id → text."""
    return _SHARED[kind]


def number(value: object) -> tuple[tuple[str, ...], int]:
    """Return the leading parts of *value* and the counted value that ends it: 1234 → (1000, 200), 34."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise PhraseError(f"A number from 0 to {MOST} is needed, not {_shown(value)}.")
    thousands, hundreds, rest = value // 1000 * 1000, value % 1000 // 100 * 100, value % 100
    said = [part for part in (thousands, hundreds, rest) if part] or [0]
    return tuple(f"say_number_{part}" for part in said[:-1]), said[-1]


def day(value: object) -> tuple[str, ...]:
    """Return the parts that say a date: month, day, weekday."""
    if not isinstance(value, date):
        raise PhraseError(f"A date is needed, not {_shown(value)}.")
    return f"say_month_{value.month}", f"say_day_{value.day}", f"say_weekday_{value.weekday()}"


def clock(value: object) -> tuple[str, ...]:
    """Return the parts that say a time of day; a full hour needs no minutes, and 12:00 is noon."""
    if not isinstance(value, time):
        raise PhraseError(f"A time of day is needed, not {_shown(value)}.")
    if value.minute == 0:
        return ("say_noon",) if value.hour == _NOON else (f"say_hour_{value.hour}",)
    return f"say_hour_{value.hour}", f"say_minute_{value.minute}"


def phone(value: object) -> tuple[str, ...]:
    """Return the parts that say a telephone number digit by digit, in the usual groups."""
    try:
        groups = phone_groups(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PhraseError(f"A telephone number is needed, not {_shown(value)}.") from error
    return tuple(
        f"say_digit_{digit}" if place < len(group) else f"say_last_{digit}"
        for group in groups
        for place, digit in enumerate(group, start=1)
    )


def digits(value: object) -> tuple[str, ...]:
    """Return the parts that say the digits of a reservation's number one by one, in groups of three."""
    if not isinstance(value, str) or not _DIGITS.fullmatch(value):
        raise PhraseError(f"Up to {_MOST_DIGITS} digits are needed, not {_shown(value)}.")
    last = len(value) - 1
    return tuple(
        f"say_last_{digit}" if place % _GROUP == _GROUP - 1 or place == last else f"say_digit_{digit}"
        for place, digit in enumerate(value)
    )


def _shown(value: object) -> str:
    """Return enough of *value* for a message, whatever a caller sent in it."""
    text = repr(value)
    longest = 40
    return text if len(text) <= longest else f"{text[:longest]}…"


def _hour(hour: int) -> str:
    return f"午前{hour}時" if hour < _NOON else f"午後{hour - _NOON}時"


_SPELT = {
    **{f"say_digit_{digit}": word for digit, word in enumerate(DIGIT_WORDS)},
    **{f"say_last_{digit}": f"{word}、" for digit, word in enumerate(DIGIT_WORDS)},
}

_SHARED: dict[Kind, dict[str, str]] = {
    Kind.NUMBER: {f"say_number_{value}": str(value) for value in _LEADING},
    Kind.DATE: {
        **{f"say_month_{month}": f"{month}月" for month in range(1, 13)},
        "say_day_1": "ついたち",
        **{f"say_day_{number}": f"{number}日" for number in range(2, 32)},
        **{f"say_weekday_{index}": f"{name}曜日、" for index, name in enumerate(_WEEKDAYS)},
    },
    Kind.TIME: {
        **{f"say_hour_{hour}": _hour(hour) for hour in range(24)},
        **{f"say_minute_{minute}": f"{minute}分" for minute in range(1, 60)},
        "say_noon": "正午",
    },
    Kind.PHONE: _SPELT,
    Kind.DIGITS: _SPELT,
    Kind.HOLIDAY: {},
}
