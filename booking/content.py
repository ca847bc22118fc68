"""Slots and reservations as the interface shows them, and what is read back to the citizen (R5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from agents.writing import phone_number
from booking.numbers import written
from booking.shapes import Plan, Slot, SlotId, SlotNumber
from booking.wording import day_and_time
from config.schema.booking import Booking
from telephony.record import iso

Row = Mapping[str, Any]

STATES = {
    "booked": "予約中",
    "visited": "来庁済み",
    "no-show": "来庁なし",
    "cancelled": "取消済み",
}
"""The states of a reservation, in words."""


def slot_of(row: Row) -> Slot:
    """Return the slot in *row*."""
    return Slot(
        SlotNumber(row["id"]),
        row["venue"],
        row["counter"],
        tuple(row["services"]),
        row["starts_at"],
        row["ends_at"],
        row["closed"],
    )


def slot_content(slot: Slot, service: str, plan: Booking) -> dict[str, Any]:
    """Return a slot for one service. Its end is when the service will be done."""
    venue, known = plan.venue(slot.venue), plan.service(service)
    ends_at = slot.ends_at if known is None else slot.starts_at + timedelta(minutes=known.minutes)
    return {
        "id": str(SlotId(slot.number, service)),
        "venue": slot.venue,
        "venue_title": slot.venue if venue is None else venue.title,
        "counter": slot.counter,
        "service": service,
        "service_title": service if known is None else known.title,
        "starts_at": iso(slot.starts_at),
        "ends_at": iso(ends_at),
        "written": day_and_time(slot.starts_at),
    }


def free_slot_contents(rows: Sequence[Row], service: str | None, plan: Booking) -> Iterator[dict[str, Any]]:
    """Yield what `SLOTS["find"]` found: each slot once for every service, or for *service* only."""
    for row in rows:
        slot = slot_of({**row, "closed": False})
        for name in slot.services if service is None else (service,):
            counts = {"capacity": row["capacity"], "free": row["free"], "held": row["held"]}
            yield slot_content(slot, name, plan) | counts


def reservation_content(row: Row, slot: Slot, plan: Booking) -> dict[str, Any]:
    """Return a reservation (*row* as `reservations` has it) with what is read back."""
    at = slot_content(slot, row["service"], plan)
    return {
        "id": row["id"],
        "number": written(row["id"]),
        "state": row["state"],
        "state_title": STATES[row["state"]],
        "slot": at.pop("id"),
        **at,
        "people": row["people"],
        "name": row["name"],
        "kana": row["kana"],
        "phone": row["phone"],
        "phone_written": phone_number(row["phone"]),
        "birth_date": None if row["birth_date"] is None else str(row["birth_date"]),
        "family": row["family"],
        "notice_number": row["notice_number"],
        "notes": row["notes"],
        "email": row["email"],
        "consent": row["consent"],
        "channel": row["channel"],
        "call": row["call"],
        "version": row["version"],
        "created_at": iso(row["created_at"]),
        "created_by": row["created_by"],
        "changed_at": iso(row["changed_at"]),
        "read_back": list(_read_back(row, slot, plan)),
    }


def joined_content(row: Row, plan: Plan) -> dict[str, Any]:
    """Return the content of a reservation that was read together with its slot."""
    slot = Slot(
        SlotNumber(row["slot"]),
        row["venue"],
        row["counter"],
        (row["service"],),
        row["starts_at"],
        row["ends_at"],
        closed=False,
    )
    return reservation_content(row, slot, plan())


def _read_back(row: Row, slot: Slot, plan: Booking) -> Iterator[str]:
    if row["state"] == "cancelled":
        yield f"予約番号 {written(row['id'])} を取り消しました"
        return
    venue, service = plan.venue(slot.venue), plan.service(row["service"])
    yield f"日時：{day_and_time(slot.starts_at)}"
    yield f"場所：{slot.venue}" if venue is None else f"場所：{venue.title}（{venue.address}）"
    if service is not None:
        yield f"用件：{service.title}"
    yield f"お名前：{row['name']} 様" + (f"、ほか{row['people'] - 1}人" if row["people"] > 1 else "")
    yield f"予約番号：{written(row['id'])}"
    if service is not None:
        yield from (f"持ち物：{thing}" for thing in service.bring)
        if service.note:
            yield service.note
