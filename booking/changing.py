"""Changes a reservation that exists: moves it, corrects it, notes who came, cancels it.

Each change locks the reservation, so changes come one after another, and leaves seats, reservation, history,
outbox and the answer together, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from booking.checking import check_birth_dates, check_consent, check_people
from booking.content import reservation_content
from booking.database import RESERVATIONS, plain, transaction
from booking.errors import ChangedMeanwhile, FieldFault, HoldGone, Invalid, NotPossible, NotThere
from booking.numbers import ReservationId
from booking.refusing import HOLD_GONE, full
from booking.repeats import remember, remembered
from booking.search_keys import party_keys
from booking.shapes import Answer, Clock, Once, Plan, Slot, SlotId, SlotNumber, Who
from booking.slots import Slots
from booking.timing import check_bookable, rule_of
from booking.wishes import ReservationChange, stored
from storage import Connection, Pool

STATES_AFTER: Mapping[str, frozenset[str]] = {
    "booked": frozenset({"booked", "visited", "no-show"}),
    "visited": frozenset({"visited", "booked", "no-show"}),
    "no-show": frozenset({"no-show", "booked", "visited"}),
    "cancelled": frozenset(),
}
"""Which state may follow which. Cancelling is a request of its own and leads from ``booked`` only."""

_FIELDS = (
    *("name", "kana", "phone", "birth_date", "family", "notice_number", "notes", "state"),
    *("email", "consent"),
)
_NOT_TOLD = ("name_key", "kana_key", "version", "changed_at")
NO_SUCH = "この番号の予約はありません。番号をもう一度確かめてください。"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Act:
    """Who does it, with which hold, in which call, under which key."""

    who: Who
    once: Once | None
    call: str | None = None
    hold: str | None = None


class Changing:
    """Changes reservations."""

    def __init__(self, pool: Pool, plan: Plan, clock: Clock, slots: Slots) -> None:
        self._pool, self._plan, self._clock, self._slots = pool, plan, clock, slots

    async def change(
        self, number: ReservationId, wish: ReservationChange, who: Who, once: Once | None
    ) -> Answer:
        """Change what *wish* names. Raises `BookingError`; then nothing was changed."""
        async with transaction(self._pool) as connection:
            before, answer = await self._begin(connection, number, once)
            if answer is not None:
                return answer
            after = self._wished(before, wish)
            act = _Act(who, once, wish.call, wish.hold)
            slot = await self._seat(connection, before, after, act)
            return await self._finish(connection, (before, after), slot, act)

    async def cancel(self, number: ReservationId, who: Who, call: str | None, once: Once | None) -> Answer:
        """Cancel. What is cancelled already stays as it is: the same answer, no second change."""
        async with transaction(self._pool) as connection:
            before, answer = await self._begin(connection, number, once)
            if answer is not None:
                return answer
            slot = await self._slot(connection, before["slot"])
            if before["state"] == "cancelled":
                return Answer(HTTPStatus.OK, reservation_content(before, slot, self._plan()))
            if before["state"] != "booked":
                raise NotPossible("来庁の記録がある予約は取り消せません。先に来庁の記録を直してください。")
            await self._give_back(connection, before, before["people"])
            after = before | {"state": "cancelled"}
            return await self._finish(connection, (before, after), slot, _Act(who, once, call))

    async def _begin(
        self, connection: Connection, number: ReservationId, once: Once | None
    ) -> tuple[Row, Answer | None]:
        row = await connection.fetchrow(RESERVATIONS["lock"], number)
        if row is None:
            raise NotThere(NO_SUCH)
        return dict(row), await remembered(connection, once)

    def _wished(self, before: Row, wish: ReservationChange) -> Row:
        """Return the row as *wish* wants it. Raises `BookingError`."""
        if wish.version is not None and wish.version != before["version"]:
            raise ChangedMeanwhile("ほかの人が先にこの予約を変更しました。読み直してください。")
        if not STATES_AFTER[before["state"]]:
            raise NotPossible("取り消された予約は変更できません。新しく予約してください。")
        born = [wish.birth_date, *(each.birth_date for each in wish.family or ())]
        check_birth_dates(born, self._clock().date())
        given = wish.model_fields_set
        after = before | {name: stored(getattr(wish, name)) for name in _FIELDS if name in given}
        for name in ("name", "kana", "phone", "family", "state", "consent"):
            after[name] = before[name] if after[name] is None else after[name]
        check_consent(after["consent"], after["phone"], after["email"])
        people = wish.people if wish.people is not None else before["people"]
        if wish.people is None and "family" in given:
            people = max(people, 1 + len(after["family"]))
        after["people"] = check_people(self._plan(), people, after["family"])
        if wish.slot is not None:
            after |= {"slot": wish.slot.number, "service": wish.slot.service}
        return after | party_keys(after["name"], after["kana"], after["family"])

    async def _seat(self, connection: Connection, before: Row, after: Row, act: _Act) -> Slot:
        """Take and give back seats, so that *after* has its own. Returns the slot."""
        moves = after["slot"] != before["slot"]
        if moves:
            slot = await self._new(connection, after, act.who)
        else:
            slot = await self._slot(connection, after["slot"])
            if after["service"] not in slot.services:
                raise Invalid(FieldFault("slot", "この枠では、この用件は扱っていません。"))
        more = after["people"] - (0 if moves else before["people"])
        if more > 0:
            await self._take(connection, after, slot, more, act)
        if moves:
            await self._give_back(connection, before, before["people"])
        elif more < 0:
            await self._give_back(connection, before, -more)
        return slot

    async def _new(self, connection: Connection, after: Row, who: Who) -> Slot:
        if after["state"] != "booked":
            raise NotPossible("来庁の記録がある予約は移せません。")
        slot = await self._slots.one(connection, SlotNumber(after["slot"]))
        return check_bookable(slot, after["service"], rule_of(self._plan(), who.channel), self._clock())

    async def _slot(self, connection: Connection, number: int) -> Slot:
        slot = await self._slots.one(connection, SlotNumber(number))
        if slot is None:
            raise RuntimeError(f"slot {number} is gone, which no constraint allows")
        return slot

    async def _take(self, connection: Connection, after: Row, slot: Slot, count: int, act: _Act) -> None:
        who = act.who
        seats = (slot.number, count, who.channel, act.hold, who.user, self._clock(), after["id"])
        got = await connection.fetch(RESERVATIONS["take_seats"], *seats)
        if len(got) < count and act.hold is not None:
            raise HoldGone(HOLD_GONE)
        if len(got) < count:
            raise await full(connection, self._slots, slot, (after["service"], count), who.channel)

    async def _give_back(self, connection: Connection, before: Row, count: int) -> None:
        free_from = self._clock() + timedelta(seconds=self._plan().return_after_s)
        await connection.execute(
            RESERVATIONS["give_seats_back"], before["id"], before["slot"], count, free_from
        )

    async def _finish(self, connection: Connection, rows: tuple[Row, Row], slot: Slot, act: _Act) -> Answer:
        """Write down what changed from the first of *rows* to the second, and the answer."""
        before, after = rows
        changes = plain(_difference(before, after))
        if changes:
            after |= {"version": before["version"] + 1, "changed_at": self._clock()}
        answer = Answer(HTTPStatus.OK, reservation_content(after, slot, self._plan()))
        if changes:
            await connection.execute(RESERVATIONS["put"], plain(after))
            version = (after["id"], after["version"], after["changed_at"])
            noted = (act.who.user, _kind(changes), changes, act.call, answer.content)
            await connection.execute(RESERVATIONS["note"], *version, *noted)
        await remember(connection, act.once, answer)
        return answer


def slot_id(row: Mapping[str, Any]) -> str:
    """Return the slot of *row* as the interface names it."""
    return str(SlotId(row["slot"], row["service"]))


def _difference(before: Row, after: Row) -> dict[str, list[Any]]:
    changed = {
        name: [before[name], after[name]]
        for name in after
        if name not in (*_NOT_TOLD, "slot", "service") and plain(before[name]) != plain(after[name])
    }
    if slot_id(before) != slot_id(after):
        changed["slot"] = [slot_id(before), slot_id(after)]
    return changed


def _kind(changes: Mapping[str, Any]) -> str:
    if changes.get("state", [None, None])[1] == "cancelled":
        return "cancelled"
    return "moved" if "slot" in changes else "changed"
