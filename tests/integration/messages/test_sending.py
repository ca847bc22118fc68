"""Confirmations and reminders: who hears what, when, and never twice."""

from pathlib import Path
from typing import Any

import pytest

from booking.messages.ports import Sent, Unclear
from booking.outgoing.answers import Later, Refused
from tests.integration.booking.office import CITIZEN
from tests.integration.messages.centre import telling

CONFIRMED, MOVED, CANCELLED = "予約を承りました", "予約を変更しました", "予約を取り消しました"
REMINDED = "ご予約の日が近づきました"


async def test_who_wants_it_hears_once_by_each_way_and_who_does_not_hears_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        slots = await centre.slots()
        made = await centre.book(slots[-1])
        answer = await centre.operator.post("/api/reservations", json=CITIZEN | {"slot": slots[-2]})
        assert (await answer.json())["consent"] == []
        assert await centre.sending.once() == 2
        assert await centre.sending.once() == 0
        assert [message.to for message in centre.sms.heard] == ["09012345678"]
        assert [message.to for message in centre.email.heard] == ["hanako@example.jp"]
        shown = await (await centre.operator.get(f"/api/reservations/{made['id']}")).json()
        told = [(each["kind"], each["channel"], each["state"]) for each in shown["messages"]]
        assert sorted(told) == [("confirmation", "email", "sent"), ("confirmation", "sms", "sent")]


async def test_a_change_and_a_cancellation_are_told_and_what_is_overtaken_is_not(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        slots = await centre.slots()
        made = await centre.book(slots[-1], consent=["sms"])
        await centre.change(made, slot=slots[-2])
        await centre.sending.once()
        assert centre.heard() == [MOVED]
        await centre.change(made, notes="車いす")
        await centre.sending.once()
        assert centre.heard() == []
        await centre.cancel(made)
        await centre.sending.once()
        assert centre.heard() == [CANCELLED]


async def test_a_reminder_comes_48_hours_ahead_and_moves_with_the_reservation(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        by_day = {slot["starts_at"][:10]: slot["id"] for slot in await _slots(centre.operator)}
        stays = await centre.book(by_day["2026-12-10"], consent=["sms"])
        moves = await centre.book(by_day["2026-12-10"], consent=["sms"], phone="080-1111-2222")
        await centre.sending.once()
        assert centre.heard() == [CONFIRMED] * 2
        centre.booking.clock.on(hours=23)  # Tuesday 08:00: 49½ hours ahead, and too early for a telephone
        await centre.change(moves, slot=by_day["2026-12-14"])
        centre.booking.clock.on(hours=4)
        await centre.sending.once()
        assert sorted(centre.heard()) == sorted([REMINDED, MOVED])
        assert await centre.sending.once() == 0
        centre.booking.clock.on(days=4)  # Saturday: 44 hours before the other one
        await centre.sending.once()
        assert centre.heard() == [REMINDED]
        assert stays["id"] != moves["id"]


async def test_whoever_was_reminded_and_moves_is_reminded_of_the_new_time_and_never_of_one_twice(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        by_day = {slot["starts_at"][:10]: slot["id"] for slot in await _slots(centre.operator)}
        made = await centre.book(by_day["2026-12-10"], consent=["sms"])
        await centre.sending.once()
        centre.booking.clock.on(days=1, hours=1)
        await centre.sending.once()
        assert centre.heard() == [CONFIRMED, REMINDED]
        await centre.change(made, slot=by_day["2026-12-14"])
        await centre.change(made, slot=by_day["2026-12-10"])
        await centre.sending.once()
        assert centre.heard() == [MOVED]
        await centre.change(made, slot=by_day["2026-12-14"])
        centre.booking.clock.on(days=4)
        await centre.sending.once()
        assert centre.heard() == [REMINDED]


async def test_no_reminder_for_what_was_booked_within_the_48_hours_or_is_cancelled(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        by_day = {slot["starts_at"][:10]: slot["id"] for slot in await _slots(centre.operator)}
        await centre.book(by_day["2026-12-08"], consent=["sms"])
        cancelled = await centre.book(by_day["2026-12-11"], consent=["sms"])
        await centre.sending.once()
        await centre.cancel(cancelled)
        centre.heard()
        centre.booking.clock.on(days=2, hours=3)
        await centre.sending.once()
        assert REMINDED not in centre.heard()


async def test_no_sms_at_night_but_in_the_morning(database_url: str, tmp_path: Path) -> None:
    async with telling(database_url, tmp_path) as centre:
        centre.booking.clock.on(hours=12)
        await centre.book((await centre.slots())[-1])
        await centre.sending.once()
        assert len(centre.email.heard) == 1
        assert centre.heard() == []
        centre.booking.clock.on(hours=12)
        await centre.sending.once()
        assert centre.heard() == [CONFIRMED]


async def test_consent_taken_back_before_it_is_sent_is_respected(database_url: str, tmp_path: Path) -> None:
    async with telling(database_url, tmp_path) as centre:
        centre.booking.clock.on(hours=12)
        made = await centre.book((await centre.slots())[-1], consent=["sms"])
        await centre.sending.once()
        await centre.change(made, consent=[])
        centre.booking.clock.on(hours=12)
        await centre.sending.once()
        assert centre.heard() == []
        assert await centre.states() == ["withdrawn"]


@pytest.mark.parametrize(
    ("answer", "state", "again"),
    [
        (Later("busy", everybody=True), "sent", 2),
        (Later("this one", everybody=False), "sent", 2),
        (Refused("no such number"), "failed", 1),
        (Unclear("no answer"), "unclear", 1),
        (RuntimeError("killed on the way"), "unclear", 1),
    ],
)
async def test_what_surely_did_not_go_out_is_tried_again_and_nothing_else(
    database_url: str, tmp_path: Path, answer: Any, state: str, again: int
) -> None:
    async with telling(database_url, tmp_path) as centre:
        centre.sms.answers = [answer]
        await centre.book((await centre.slots())[-1], consent=["sms"])
        if isinstance(answer, Exception):
            with pytest.raises(RuntimeError):
                await centre.sending.once()
        else:
            assert await centre.sending.once() == 0
        assert await centre.sending.once() == 0
        centre.booking.clock.on(minutes=31)
        await centre.sending.once()
        assert await centre.states() == [state]
        assert len(centre.sms.heard) == again


async def test_a_way_that_may_repeat_is_used_again_after_a_crash(database_url: str, tmp_path: Path) -> None:
    async with telling(database_url, tmp_path) as centre:
        centre.sms.answers, centre.sms.repeatable = [RuntimeError("killed")], True
        await centre.book((await centre.slots())[-1], consent=["sms"])
        with pytest.raises(RuntimeError):
            await centre.sending.once()
        assert await centre.sending.once() == 1


async def test_one_way_that_is_down_does_not_hold_up_the_other(database_url: str, tmp_path: Path) -> None:
    async with telling(database_url, tmp_path) as centre:
        down: list[Sent | BaseException] = [Later("down", everybody=True)]
        centre.email.answers = down
        slots = await centre.slots()
        for phone in ("090-1111-1111", "090-2222-2222", "090-3333-3333"):
            await centre.book(slots.pop(), phone=phone)
        assert await centre.sending.once() == 3
        assert len(centre.email.heard) == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"consent": ["sms"], "phone": "0598-53-0001"}, "consent"),
        ({"consent": ["email"], "email": None}, "email"),
        ({"consent": ["fax"]}, "consent.0"),
        ({"email": "a@example.jp\r\nBcc: b@example.jp"}, "email"),
        ({"email": "123456789018@example.jp"}, "email"),
    ],
)
async def test_a_wish_that_cannot_be_fulfilled_is_named(
    database_url: str, tmp_path: Path, wish: dict[str, Any], field: str
) -> None:
    async with telling(database_url, tmp_path) as centre:
        slot = (await centre.slots())[-1]
        answer = await centre.operator.post("/api/reservations", json=CITIZEN | {"slot": slot} | wish)
        assert answer.status == 422
        assert [fault["field"] for fault in (await answer.json())["errors"]] == [field]


async def test_when_the_worker_stops_nothing_more_is_begun(database_url: str, tmp_path: Path) -> None:
    async with telling(database_url, tmp_path) as centre:
        for phone in ("090-1111-1111", "090-2222-2222"):
            await centre.book((await centre.slots())[-1], phone=phone, consent=["sms"])
        centre.sms.at_send = centre.stop.set
        assert await centre.sending.once() == 1
        assert await centre.sending.once() == 0
        assert sorted(await centre.states()) == ["pending", "sent"]


async def _slots(operator: Any) -> list[dict[str, Any]]:
    answer = await operator.get("/api/slots", params={"service": "collection", "venue": "koseki"})
    slots: list[dict[str, Any]] = (await answer.json())["slots"]
    return slots
