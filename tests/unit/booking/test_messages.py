"""What citizens are told, when, and what becomes of hostile text in it."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from booking.checking import check_consent
from booking.errors import Invalid
from booking.messages.mail import letter_of
from booking.messages.message import Message, may_send_sms, message_of, no_longer_wanted
from config.schema.messages import Messages, Templates
from telephony.record import JST
from tests.integration.booking.office import booking_plan

NOW = datetime(2026, 12, 5, 12, 0, tzinfo=JST)


def row(**fields: Any) -> dict[str, Any]:
    known = {
        "key": "reservation:123456782:1:sms",
        "kind": "confirmation",
        "channel": "sms",
        "reservation": "123456782",
        "version": 1,
        "latest": 1,
        "slot": 5,
        "reservation_slot": 5,
        "reservation_state": "booked",
        "service": "collection",
        "venue": "koseki",
        "people": 1,
        "name": "松阪 花子",
        "phone": "09012345678",
        "email": "hanako@example.jp",
        "consent": ["email", "sms"],
        "starts_at": NOW + timedelta(days=2),
    }
    return known | fields


def test_an_sms_says_when_where_and_what_for() -> None:
    message = message_of(row(), booking_plan())
    assert message.to == "09012345678"
    assert message.text == "予約を承りました。12月7日(月) 12:00 戸籍住民課 受取 予約番号123-456-782"


def test_an_email_says_what_to_bring() -> None:
    message = message_of(row(channel="email"), booking_plan())
    assert message.to == "hanako@example.jp"
    assert message.subject == "ご予約の確認（予約番号 123-456-782）"
    assert message.text.endswith("お持ちいただくもの：交付通知書")


def test_what_somebody_typed_stays_on_its_line_and_runs_nothing() -> None:
    texts = Templates().confirmation.model_copy(update={"subject": "{name} 様"})
    rules = {"texts": {"confirmation": texts.model_dump()}}
    hostile = "花子\r\nBcc: all@evil.example\r\n\r\n{number.__class__}\u202e" + "x" * 500
    message = message_of(row(channel="email", name=hostile), booking_plan(messages=rules))
    assert message.subject is not None
    assert len(message.subject) < 220
    assert message.subject.startswith("花子 Bcc: all@evil.example {number.__class__} xxx")
    letter = letter_of(message, "centre@example.jp", "センター")
    assert letter.get_all("Bcc") is None
    assert letter["To"] == "hanako@example.jp"
    assert b"\nBcc:" not in letter.as_bytes().split(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "message",
    [
        Message("k", "a@example.jp\r\nBcc: b@example.jp", "text", "subject"),
        Message("k", "a@example.jp", "text", "subject\r\nBcc: b@example.jp"),
        Message("k", "a@example.jp, b@example.jp", "text", "subject"),
        Message("k", "", "text", "subject"),
    ],
)
def test_a_header_cannot_be_smuggled_in(message: Message) -> None:
    with pytest.raises((ValueError, IndexError)):
        letter_of(message, "centre@example.jp", "センター")


def test_citizens_read_the_cards_name_as_the_city_wants_it() -> None:
    assert "個人番号カード" not in str(Templates())


def test_two_letters_of_one_message_have_one_id() -> None:
    first, second = (letter_of(Message("k", "a@example.jp", "t", "s"), "c@example.jp", "x") for _ in "ab")
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("changed", "why_not"),
    [
        ({}, None),
        ({"consent": ["email"]}, "no longer wanted this way"),
        ({"starts_at": NOW}, "the time has come"),
        ({"latest": 2}, "changed again"),
        ({"kind": "reminder", "latest": 2}, None),
        ({"kind": "reminder", "reservation_slot": 6}, "cancelled or moved"),
        ({"kind": "reminder", "reservation_state": "cancelled"}, "cancelled or moved"),
    ],
)
def test_a_message_that_is_overtaken_is_not_sent(changed: dict[str, Any], why_not: str | None) -> None:
    assert no_longer_wanted(row(**changed), NOW) == why_not


@pytest.mark.parametrize(
    ("hour", "allowed"), [(8.99, False), (9, True), (19.99, True), (20, False), (23, False), (3, False)]
)
def test_no_telephone_rings_at_night(hour: float, allowed: bool) -> None:  # noqa: FBT001 -- a table's column
    now = NOW.replace(hour=0) + timedelta(hours=hour)
    assert may_send_sms(time(9), time(20), now) is allowed
    assert may_send_sms(time(9), time(20), now.astimezone(tz=None)) is allowed


@pytest.mark.parametrize("phone", ["0598530001", "+12025550123", "0312345678"])
def test_sms_go_to_japanese_mobile_telephones_only(phone: str) -> None:
    with pytest.raises(Invalid, match="SMS"):
        check_consent(["sms"], phone, None)
    check_consent(["sms"], "09012345678", None)


def test_an_email_needs_an_address() -> None:
    with pytest.raises(Invalid, match="メールアドレス"):
        check_consent(["email"], "0598530001", None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{nmae} 様", "{nmae}"),
        ("{name.__class__}", "{name.__class__}"),
        ("{name!r}", "{name}"),
        ("{name:>9999999}", "{name}"),
        ("{} 様", "{}"),
        ("{name 様", "without its other half"),
    ],
)
def test_a_text_with_a_wrong_placeholder_is_refused(text: str, complaint: str) -> None:
    texts = Templates().confirmation.model_dump() | {"body": text}
    with pytest.raises(ValidationError, match=complaint.replace("{", r"\{").replace("}", r"\}")):
        Messages.model_validate({"texts": {"confirmation": texts}})


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"sms": "webhook"}, "no sms_url"),
        ({"sms_opens": "20:00", "sms_closes": "09:00"}, "sms_opens"),
        ({"sms": "webhook", "sms_url": "http://sms.example.jp/"}, "unencrypted"),
    ],
)
def test_a_mistake_is_refused(rules: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Messages.model_validate(rules)
