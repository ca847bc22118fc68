"""What citizens are told by SMS and e-mail, and through whom it goes out. Secrets stand elsewhere."""

from datetime import time
from enum import StrEnum
from string import Formatter
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from config.schema.base import Part
from config.schema.delivery import SafeUrl

PLACEHOLDERS = ("name", "when", "venue", "address", "service", "number", "people", "bring")
"""What may stand in braces in a text."""

_LONGEST_S = 14 * 86_400


class SmsSink(StrEnum):
    """Where SMS go."""

    NONE = "none"
    FILE = "file"
    WEBHOOK = "webhook"


class EmailSink(StrEnum):
    """Where e-mail goes."""

    NONE = "none"
    FILE = "file"
    SMTP = "smtp"


def _fillable(text: str) -> str:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError("has a brace without its other half; write {{ for a brace itself") from error
    for _, field, spec, conversion in parts:
        if field is not None and (field not in PLACEHOLDERS or spec or conversion):
            raise ValueError(f"has {{{field}}}; in braces may stand {', '.join(PLACEHOLDERS)}")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("has more than one line")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_fillable)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_fillable)]
Subject = Annotated[
    str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_line), AfterValidator(_fillable)
]


class Texts(Part):
    """One kind of message: as SMS, and as e-mail with *subject* and *body*."""

    sms: Short
    subject: Subject
    body: Text


_FACTS = "日時：{when}\n場所：{venue}（{address}）\n用件：{service}\n予約番号：{number}"


class Templates(Part):
    """The texts of all kinds. Citizens always read マイナンバーカード (R23)."""

    confirmation: Texts = Texts(
        sms="予約を承りました。{when} {venue} {service} 予約番号{number}",
        subject="ご予約の確認（予約番号 {number}）",
        body="{name} 様\n\nご予約を承りました。\n\n" + _FACTS + "\nお持ちいただくもの：{bring}",
    )
    moved: Texts = Texts(
        sms="予約を変更しました。{when} {venue} {service} 予約番号{number}",
        subject="ご予約の変更（予約番号 {number}）",
        body="{name} 様\n\nご予約を次のとおり変更しました。\n\n" + _FACTS + "\nお持ちいただくもの：{bring}",
    )
    cancelled: Texts = Texts(
        sms="予約を取り消しました。{when} {venue} 予約番号{number}",
        subject="ご予約の取り消し（予約番号 {number}）",
        body="{name} 様\n\n次のご予約を取り消しました。\n\n" + _FACTS,
    )
    reminder: Texts = Texts(
        sms="ご予約の日が近づきました。{when} {venue} {service} 予約番号{number}",
        subject="ご予約の日が近づきました（予約番号 {number}）",
        body="{name} 様\n\nご予約の日が近づきました。\n\n" + _FACTS + "\nお持ちいただくもの：{bring}",
    )


class Messages(Part):
    """``[booking.messages]``.

    ``file`` writes messages into a folder, for trying out and for a program of the city's that sends them.
    A reminder goes out *reminder_ahead_s* before the reservation, SMS between *sms_opens* and *sms_closes*.
    """

    sms: SmsSink = SmsSink.FILE
    sms_url: SafeUrl | None = None
    email: EmailSink = EmailSink.FILE
    reminder_ahead_s: Annotated[float, Field(gt=0, le=_LONGEST_S)] = 172_800
    sms_opens: time = time(9)
    sms_closes: time = time(20)
    texts: Templates = Templates()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.sms is SmsSink.WEBHOOK and self.sms_url is None:
            raise ValueError('has sms "webhook" but no sms_url')
        if self.sms_opens >= self.sms_closes:
            raise ValueError("has sms_opens that is not before sms_closes")
        return self
