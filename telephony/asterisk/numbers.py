"""Telephone numbers as a caller's SIP messages bring them: hostile text until it went through here.

Anybody can write anything into a From header: quotes, SQL, control characters, ten thousand letters. What
comes out is E.164, or short printable text, or None for a withheld number.
"""

import re
from functools import lru_cache

import phonenumbers

LONGEST_TEXT = 64
LONGEST_CALL_ID = 255
"""RFC 3261 sets no limit; real ones are below 100 characters."""

_WITHHELD = frozenset({"", "anonymous", "restricted", "private", "unavailable", "unknown", "asterisk"})
_NUMBER = re.compile(r"\+?[0-9][0-9() .-]{2,24}", re.ASCII)
_HOME = "JP"


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return at most *longest* characters of *text*, without controls, direction marks and the like."""
    return "".join(character for character in text[: 4 * longest] if character.isprintable())[:longest]


@lru_cache(maxsize=4_096)
def number(text: str) -> str:
    """Return E.164 if *text* is a possible number here, else the cleaned text."""
    if not _NUMBER.fullmatch(text):
        return clean(text)
    try:
        parsed = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return clean(text)
    if not phonenumbers.is_possible_number(parsed):
        return clean(text)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def caller(text: str) -> str | None:
    """Return the caller's number, cleaned text if it is none, or None if it is withheld."""
    cleaned = number(text)
    return None if cleaned.strip().lower() in _WITHHELD else cleaned
