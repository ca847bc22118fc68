"""Which numbers the centre calls back, and why it does not call the others (R3). Pure.

A caller may type any digits, and a caller id may be anything: only ordinary Japanese lines are called,
so that nobody can make the centre ring an emergency service, a line that costs, another country or itself.
"""

import re
from collections.abc import Container
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

HOME = "JP"
_HOME_CODE = 81
_SHORT = 4
"""Digits of the longest special number (110, 119, 171 …)."""

_ABROAD = ("00", "010")
"""Dialled before a country's code, or to choose a carrier."""

_COSTLY = ("0990", "0180", "0570", "0170", "0160")
"""Premium services, navigation dial and voting lines; not all of them stand in the numbering tables."""

_COSTLY_TYPES = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN})
_ORDINARY_TYPES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
    }
)
_PORTABLE = re.compile(r"0[5-9]0\d{8}")
"""Mobile and IP telephones (060, 070, 080, 090, 050), by shape: new blocks open faster than tables change."""


class Refusal(StrEnum):
    """Why a number is not called; the name of the prompt that says so."""

    ABROAD = "callback-refused-abroad"
    COSTLY = "callback-refused-costly"
    OWN = "callback-refused-own"
    SPECIAL = "callback-refused-special"
    INVALID = "callback-refused-invalid"


def checked(text: str | None, own: Container[str]) -> str | Refusal:
    """Return the E.164 form of *text* if the centre may call it, else why not.

    Args:
        text: national digits or E.164, from a keypad or a caller id; hostile.
        own: the centre's numbers in E.164.
    """
    if text is None or not re.fullmatch(r"\+?[0-9]{1,24}", text, re.ASCII):
        return Refusal.INVALID
    if text.startswith(_ABROAD) or (text.startswith("+") and not text.startswith(f"+{_HOME_CODE}")):
        return Refusal.ABROAD
    if len(text) <= _SHORT:
        return Refusal.SPECIAL
    try:
        parsed = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return Refusal.INVALID
    return _of_home(parsed, own)


def _of_home(parsed: phonenumbers.PhoneNumber, own: Container[str]) -> str | Refusal:
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if e164 in own:
        return Refusal.OWN
    national, kind = f"0{parsed.national_number}", phonenumbers.number_type(parsed)
    if national.startswith(_COSTLY) or kind in _COSTLY_TYPES:
        return Refusal.COSTLY
    if kind in _ORDINARY_TYPES or _PORTABLE.fullmatch(national):
        return e164
    return Refusal.INVALID if kind is PhoneNumberType.UNKNOWN else Refusal.SPECIAL


def same_line(text: str | None) -> str | None:
    """Return *text* in one way of writing, so that two ways of writing a number are one number."""
    if text is None:
        return None
    found = checked(text, ())
    return text if isinstance(found, Refusal) else found
