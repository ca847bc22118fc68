"""A message: what it says, to whom it goes, and whether it is still wanted. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from booking.numbers import written
from booking.outgoing.answers import one_line
from booking.wording import day_and_time
from config.schema.booking import Booking
from config.schema.messages import Texts
from telephony.record import JST

SMS, EMAIL = "sms", "email"
_LONGEST_VALUE = 200
"""Characters of what stands for a placeholder."""

Row = Mapping[str, Any]
"""A row of ``due`` (sql/messages.sql): the message with its reservation and slot as they are now."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready to go. *key* names it for good; *subject* is None for an SMS."""

    key: str
    to: str
    text: str
    subject: str | None = None


def no_longer_wanted(row: Row, now: datetime) -> str | None:
    """Return why the message must not go out any more, or None: things change before it is sent."""
    if row["channel"] not in row["consent"]:
        return "no longer wanted this way"
    if row["starts_at"] <= now:
        return "the time has come"
    if row["kind"] == "reminder":
        return None if _stands(row) else "cancelled or moved"
    return None if row["version"] == row["latest"] else "changed again"


def _stands(row: Row) -> bool:
    return bool(row["reservation_state"] == "booked" and row["slot"] == row["reservation_slot"])


def may_send_sms(opens: time, closes: time, now: datetime) -> bool:
    """Return whether a telephone may make a sound now: nobody is woken at night."""
    return opens <= now.astimezone(JST).time().replace(tzinfo=None) < closes


def message_of(row: Row, plan: Booking) -> Message:
    """Return what is sent. What people typed is put on one line, whatever is in it."""
    texts: Texts = getattr(plan.messages.texts, row["kind"])
    values = {name: one_line(text, _LONGEST_VALUE) for name, text in _values(row, plan).items()}
    if row["channel"] == SMS:
        return Message(row["key"], row["phone"], texts.sms.format_map(values))
    subject, body = texts.subject.format_map(values), texts.body.format_map(values)
    return Message(row["key"], row["email"], body, subject)


def _values(row: Row, plan: Booking) -> dict[str, str]:
    venue, service = plan.venue(row["venue"]), plan.service(row["service"])
    return {
        "name": row["name"],
        "when": day_and_time(row["starts_at"]),
        "venue": row["venue"] if venue is None else venue.title,
        "address": "" if venue is None else venue.address,
        "service": row["service"] if service is None else service.title,
        "number": written(row["reservation"]),
        "people": str(row["people"]),
        "bring": "" if service is None else "、".join(service.bring),
    }
