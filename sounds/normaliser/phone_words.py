"""Telephone numbers, digit by digit, a pause between the groups: 0120-95 is ゼロイチニーゼロ、キューゴー."""

import re
from functools import lru_cache

import phonenumbers

DIGIT_WORDS = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
"""How digits are said on the telephone: two moras each, so that none is missed."""

_GROUPED = re.compile(r"(?<![\d-])\(?(0\d{1,4})[-) ] ?\(?(\d{1,4})[-) ] ?(\d{3,4})(?![\d-])")
_UNGROUPED = re.compile(r"(?<![\d-])0\d{9,10}(?![\d-])")
_INTERNATIONAL = re.compile(r"\+81[- ]?\(?0?\)?[\d -]{8,13}\d(?!\d)")
_NATIONAL_LENGTHS = (10, 11)
_LONGEST = 15
"""Digits, ITU-T E.164."""


@lru_cache(maxsize=4096)
def phone_groups(number: str) -> tuple[str, ...]:
    """Return the groups in which *number* (national, or E.164 of Japan) is written: ``0598``, ``53``, ….

    Raises ValueError for what is not a telephone number.
    """
    if len(number) > 2 * _LONGEST or not re.fullmatch(r"\+?[\d() -]+", number, re.ASCII):
        raise ValueError("is not a telephone number")
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a telephone number") from error
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return tuple(re.findall(r"\d+", written))


def spoken_digits(group: str) -> str:
    """Return the words for each digit of *group*."""
    return "".join(DIGIT_WORDS[int(digit)] for digit in group)


def _say(groups: tuple[str, ...]) -> str:
    return "、".join(spoken_digits(group) for group in groups)


def _grouped(match: re.Match[str]) -> str:
    groups = match.groups()
    return _say(groups) if sum(map(len, groups)) in _NATIONAL_LENGTHS else match[0]


def say_phones(text: str) -> str:
    """Rewrite the telephone numbers of cleaned *text*; groups stay as written, else as they are usual."""
    text = _INTERNATIONAL.sub(lambda match: _say(phone_groups(match[0])), text)
    text = _GROUPED.sub(_grouped, text)
    return _UNGROUPED.sub(lambda match: _say(phone_groups(match[0])), text)
