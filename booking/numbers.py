"""The number of a reservation: nine digits that can be said and typed on a telephone, ``123-456-782``.

The last digit checks the others (Damm 2004: finds every wrong digit and every swap of neighbours). It does
not begin with 0, so nobody takes it for a telephone number, and it is drawn by chance, so that knowing one
number tells nothing about the next.
"""

import re
import secrets
import unicodedata
from typing import NewType

from stdnum import damm

ReservationId = NewType("ReservationId", str)

_LOWEST, _NUMBERS = 10_000_000, 90_000_000
_WRITTEN = re.compile(r"[1-9]\d{8}", re.ASCII)


def new_number() -> ReservationId:
    """Return a number that is probably free; the database says whether it is."""
    drawn = str(_LOWEST + secrets.randbelow(_NUMBERS))
    return ReservationId(drawn + damm.calc_check_digit(drawn))


def read_number(text: str) -> ReservationId | None:
    """Return the number in *text*, however it is grouped or wide; None when it is none (a digit is wrong)."""
    digits = re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", text))
    return ReservationId(digits) if _WRITTEN.fullmatch(digits) and damm.is_valid(digits) else None


def written(number: str) -> str:
    """Return *number* in groups of three."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"
