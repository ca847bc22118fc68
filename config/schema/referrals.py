"""To whom callers are referred when the centre may not answer itself, as agreed with the city (R10).

This list is also the only set of numbers that a call may be transferred to outside (`transferable`). It lives
in ``centre.toml`` and not in the database, so that no request over HTTP can add a number to be dialled.
"""

from collections.abc import Iterable
from datetime import time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from config.schema.base import Part, PhoneNumber, Slug, as_phone_number, national_digits

_HOME = "+81"
_COSTLY = ("0570", "0990", "0180", "0170", "0160")
"""Lines that cost the caller (or whoever transfers) more than an ordinary call."""

Topic = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class ReferralDay(StrEnum):
    """Days of the week, Monday first, and public holidays."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    HOLIDAY = "holiday"


class ReferralHours(Part):
    """When somebody answers there on these *days*."""

    days: Annotated[tuple[ReferralDay, ...], Field(min_length=1)]
    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"opens at {self.opens:%H:%M}, which is not before {self.closes:%H:%M}")
        return self


class Referral(Part):
    """One place. *when* is the rule: what is referred there. Without *hours* it always answers.

    *transfer*: whether a call may be put through; else the number is told to the caller. On public holidays
    only the rows for ``holiday`` count. *year_end*: closed on the centre's days off around New Year.
    """

    name: Slug
    title: str
    number: PhoneNumber
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]
    when: str
    hours: tuple[ReferralHours, ...] = ()
    year_end: bool = True
    transfer: bool = True
    note: str | None = None
    written: str | None = Field(default=None, description="the number as it is said, where groups matter")

    @model_validator(mode="after")
    def _written_as_it_is(self) -> Self:
        if self.written is not None and as_phone_number(self.written) != self.number:
            raise ValueError("is written as another number than it has")
        return self

    @model_validator(mode="after")
    def _may_be_dialled(self) -> Self:
        costly = national_digits(self.number).startswith(_COSTLY)
        if self.transfer and (costly or not self.number.startswith(_HOME)):
            raise ValueError(
                "has a number that costs extra or is abroad; write transfer = false to only tell it"
            )
        return self


def transferable(referrals: Iterable[Referral]) -> frozenset[str]:
    """Return the numbers, in E.164, that a call may be transferred to outside. There are no others."""
    return frozenset(referral.number for referral in referrals if referral.transfer)
