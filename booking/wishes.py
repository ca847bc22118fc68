"""What may be asked for, field by field. Whatever a person types goes through here, My Numbers never do.

Every complaint is a sentence in Japanese for the operator's screen; `booking.web.reading` finds words for
what is missing or of the wrong kind.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from booking.mynumber import REFUSAL, holds_my_number
from booking.search_keys import kana_in_full, phone_key
from booking.shapes import SlotId
from config.schema.base import Slug, as_phone_number

_LINES = {"\n", "\t"}
_KANA = re.compile(r"[ァ-ヺー・･ A-Za-z.'’-]+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_OLDEST = date(1900, 1, 1)
_LONGEST_SLOT = 60


def fault(sentence: str) -> PydanticCustomError:
    """Return what a validator raises: a sentence for the operator, shown as it is."""
    # Braces would be taken for a template's.
    return PydanticCustomError("booking", "{sentence}", {"sentence": sentence})


def _safe(text: str) -> str:
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in _LINES for c in text):
        raise fault("使えない文字（制御文字）が入っています。")
    if holds_my_number(text):
        raise fault(REFUSAL)
    return text


def _line(text: str) -> str:
    if _LINES & set(text):
        raise fault("改行やタブは使えません。")
    return text


def _kana(text: str) -> str:
    full = kana_in_full(text)
    if not _KANA.fullmatch(full):
        raise fault("フリガナはカタカナで入力してください（例：マツサカ ハナコ）。")
    return full


def _phone(text: str) -> str:
    key = phone_key(text)
    if key is None:
        raise fault("電話番号が正しくありません。市外局番から入力してください（例：090-1234-5678）。")
    return key


def _slot(text: object) -> SlotId:
    slot = SlotId.read(text) if isinstance(text, str) and len(text) <= _LONGEST_SLOT else None
    if slot is None:
        raise fault("枠の指定が正しくありません。空き枠の一覧から選んでください。")
    return slot


def _once_each(ways: list[str]) -> list[str]:
    return sorted(set(ways))


def _born(day: date) -> date:
    if day < _OLDEST:
        raise fault("生年月日が正しくありません（1900年より前です）。")
    return day


def _day(value: Any) -> Any:
    """Take a date as Excel and people write it."""
    if not isinstance(value, str):
        return value
    found = _DATE.fullmatch(value.strip())
    try:
        return date(*map(int, found.groups())) if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise fault("日付は 2026-04-01 か 2026/4/1 のように書いてください。")


_Short = StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
SafeText, OneLine = AfterValidator(_safe), AfterValidator(_line)
Name = Annotated[str, _Short, SafeText, OneLine]
Kana = Annotated[str, _Short, SafeText, OneLine, AfterValidator(_kana)]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=30),
    SafeText,
    AfterValidator(_phone),
]
Day = Annotated[date, BeforeValidator(_day)]
"""A date as people and Excel write it."""
E164 = Annotated[Phone, AfterValidator(as_phone_number)]
"""A telephone as calls keep who called: +819012345678."""
BirthDate = Annotated[date, AfterValidator(_born)]
NoticeNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), SafeText, OneLine
]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), SafeText]
Email = Annotated[EmailStr, AfterValidator(_safe)]
Consent = Annotated[list[Literal["sms", "email"]], Field(max_length=2), AfterValidator(_once_each)]
"""The ways in which somebody wants to be told of the reservation."""
People = Annotated[int, Field(ge=1, le=20)]
SlotText = Annotated[
    SlotId, PlainValidator(_slot), WithJsonSchema({"type": "string", "maxLength": _LONGEST_SLOT})
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), SafeText, OneLine]
"""What somebody types to find something."""
Mark = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9._:@-]+$")]
"""The id of a hold or a call. It must exist, so it is no My Number; Asterisk's ids can look like one."""


class Shape(BaseModel):
    """A body; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Shape):
    """Somebody who comes along and is booked together with the first."""

    name: Name
    kana: Kana
    birth_date: BirthDate | None = None


Family = Annotated[list[Person], Field(max_length=19)]


class ReservationWish(Shape):
    """A reservation to make.

    *people* counts the *family* members too. *hold* is a hold of the one who asks. With *if_duplicate*
    ``refuse`` a person who has a reservation to come is shown it instead of getting another.
    """

    slot: SlotText
    name: Name
    kana: Kana
    phone: Phone
    people: People | None = None
    birth_date: BirthDate | None = None
    family: Family = []
    notice_number: NoticeNumber | None = None
    notes: Notes | None = None
    email: Email | None = None
    consent: Consent = []
    hold: Mark | None = None
    call: Mark | None = None
    if_duplicate: Literal["make", "refuse"] = "make"


class ReservationChange(Shape):
    """What to change; what is left out stays. *version*: only if it is still this one."""

    slot: SlotText | None = None
    name: Name | None = None
    kana: Kana | None = None
    phone: Phone | None = None
    people: People | None = None
    birth_date: BirthDate | None = None
    family: Family | None = None
    notice_number: NoticeNumber | None = None
    notes: Notes | None = None
    email: Email | None = None
    consent: Consent | None = None
    state: Literal["booked", "visited", "no-show"] | None = None
    hold: Mark | None = None
    call: Mark | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class CallNote(Shape):
    """What the operator noted of a call."""

    text: Notes


class SettlementWish(Shape):
    """How a change is settled that does not get through to the city's system, and why."""

    state: Literal["done-by-hand", "skipped"]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), SafeText]


class HoldWish(Shape):
    """Seats to keep while the operator talks."""

    slot: SlotText
    people: People = 1
    call: Mark | None = None


class WaitlistWish(Shape):
    """A person who waits for a slot of *service*: at *venue* or anywhere, between *since* and *until*."""

    service: Slug
    venue: Slug | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: AwareDatetime | None = None
    people: People = 1
    name: Name
    kana: Kana
    phone: Phone
    notes: Notes | None = None


def stored(value: Any) -> Any:
    """Return *value* of a wish as the table keeps it."""
    if isinstance(value, date):
        return str(value)
    if isinstance(value, list):
        return [each.model_dump(mode="json") if isinstance(each, Person) else each for each in value]
    return value
