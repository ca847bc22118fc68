"""Takes in the city's list, hands out one target to each operator, and keeps what came of the calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from agents.roles import FLOOR
from agents.writing import phone_number
from booking.database import OUTREACH, Meanings, connected, plain, transaction
from booking.errors import (
    BookingError,
    ChangedMeanwhile,
    FieldFault,
    Invalid,
    NotAllowed,
    NotPossible,
    NotThere,
)
from booking.outreach.gate import Gate
from booking.outreach.placing import Telephones, place, refuse_if_impossible
from booking.outreach.rows import KINDS, SHEET, TargetRow
from booking.outreach.wishes import AGAIN, ResultWish, TargetQuery
from booking.repeats import remember, remembered
from booking.shapes import Actor, Answer, CentrePlan, Clock, Once
from booking.sheets import BadSheet, SheetFault
from storage import Connection, Pool
from telephony.model.dialable import Refusal, checked
from telephony.record import JST, iso

Row = Mapping[str, Any]

_PROGRESS = ("state", "attempts", "outcome")
_FAR_BACK = datetime(1970, 1, 1, tzinfo=JST)
_MOST_BARRED = 10_000
_NOT_DIALLED = "この番号にはかけられません（緊急・有料・海外・無料通話など）。"
_NOT_YOURS = "この勧奨先は、あなたが表示しているものではありません。「次の勧奨先」から始めてください。"


class GateClosed(BookingError):
    """No outreach call may be placed now; *more* has the figures."""

    code = "outreach-closed"


class Barred(BookingError):
    """The number is on the do-not-call list."""

    code = "do-not-call"


_MEANINGS: Meanings = {
    "outreach_days_within_cap": (GateClosed, "本日の上限に達したため、もう発信できません。"),
    "outreach_days_allowed": (GateClosed, "本日は勧奨の電話をかけられません。"),
    "outreach_calls_not_on_the_list": (Barred, "この番号は「かけない」一覧にあるため、発信できません。"),
    "outreach_calls_of_ones_own_target": (NotAllowed, _NOT_YOURS),
    "outreach_calls_one_open_a_target": (NotPossible, "すでに発信しています。先に結果を記録してください。"),
    "outreach_targets_one_an_operator": (ChangedMeanwhile, "ほかの画面で勧奨先を表示しています。"),
}
"""What the database says no with."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The outreach of the centre."""

    pool: Pool
    plan: CentrePlan
    clock: Clock
    gate: Gate
    telephones: Telephones

    async def take_in(self, text: str, name: str, user: str, *, only_check: bool) -> dict[str, int]:
        """Take in a list. Raises `BadSheet`, and takes nothing. Who is on a list already stays as it is."""
        rows = SHEET.read(text)
        self._refuse_numbers(rows)
        if only_check:
            return {"rows": len(rows), "added": 0}
        content = plain([row.model_dump() for _, row in rows])
        async with transaction(self.pool) as connection:
            added = await connection.fetch(OUTREACH["enter"], name, self.clock(), user, content)
        return {"rows": len(rows), "added": len(added)}

    async def next(self, user: str) -> dict[str, Any]:
        """Return the target that *user* has, or give the next one. Raises `GateClosed` or `NotThere`.

        Whose call has no outcome yet gets its target also when the gate has closed behind that call.
        """
        now, rule = self.clock(), self.plan().outreach
        async with transaction(self.pool, _MEANINGS) as connection:
            gate = await self.gate.decided(connection)
            if not await connection.fetchval(OUTREACH["under_way"], user):
                _refuse_if_closed(gate)
            until = now + timedelta(seconds=rule.preview_s)
            row = await connection.fetchrow(OUTREACH["next"], user, until, now)
            if row is None:
                raise NotThere("いまかけられる勧奨先はありません。")
            row = await connection.fetchrow(OUTREACH["lock"], row["id"])
        return _target(dict(row or {})) | {"script": list(rule.script), "gate": gate}

    async def dial(self, target: int, user: str, once: Once | None, rings: str | None = None) -> Answer:
        """Count a call to *target* and place it, beginning with the phone of the operator *rings*.

        Without one it is only counted, and dialled with a telephone that is none of ours. The number in the
        answer is the only one that may be dialled for it. Raises `BookingError`: then it was not counted,
        unless the sentence says so.
        """
        async with transaction(self.pool, _MEANINGS) as connection:
            known = await remembered(connection, once)
            if known is not None:
                return known
            row = await self._row(connection, target)
            gate = await self._open_gate(connection)
            self._refuse_number(row["phone"])
            if rings is not None:
                refuse_if_impossible(self.telephones, rings)
            made = await connection.fetchrow(OUTREACH["dial"], target, self.clock(), user)
            if made is None:
                raise RuntimeError("a call was counted and is gone")
            number = {"number": made["phone"], "number_written": phone_number(made["phone"])}
            counted = {"call": made["id"], "target": target, "left": gate["left"] - 1}
            content = {**counted, **number, "rings": rings}
            answer = Answer(HTTPStatus.CREATED, content)
            await remember(connection, once, answer)
        if rings is not None:
            place(self.telephones, made["id"], made["phone"], rings)
        return answer

    async def settle(self, target: int, wish: ResultWish, actor: Actor) -> dict[str, Any]:
        """Keep what came of the call, and give the target back or call it done. Raises `BookingError`."""
        now = self.clock()
        if wish.retry_at is not None and (wish.outcome not in AGAIN or wish.retry_at <= now):
            raise Invalid(
                FieldFault("retry_at", "次にかける日時は、これからの日時を、かけ直すときだけ入れます。")
            )
        async with transaction(self.pool, _MEANINGS) as connection:
            row = await self._row(connection, target)
            self._check_hand(row, actor)
            if row["open_call"] is None and wish.outcome != "do-not-call":
                raise NotPossible("まだ発信していません。発信してから結果を記録してください。")
            if row["open_call"] is not None:
                call = (row["open_call"], wish.outcome, wish.note, now)
                await connection.execute(OUTREACH["settle_call"], *call)
            if wish.outcome == "do-not-call":
                await connection.execute(
                    OUTREACH["bar"], row["phone"], wish.note or "本人の希望", now, actor.user
                )
            await connection.execute(OUTREACH["settle_target"], target, *self._after(row, wish, now))
            return _target(await self._row(connection, target))

    async def release(self, target: int, actor: Actor) -> None:
        """Give a target back without a call. Raises `BookingError`."""
        async with transaction(self.pool) as connection:
            row = await self._row(connection, target)
            self._check_hand(row, actor)
            if row["open_call"] is not None:
                raise NotPossible("すでに発信しています。先に結果を記録してください。")
            await connection.execute(OUTREACH["release"], target)

    async def find(self, query: TargetQuery) -> list[dict[str, Any]]:
        """Return targets in the order of the lists."""
        async with connected(self.pool) as connection:
            rows = await connection.fetch(OUTREACH["find"], query.state, query.list, query.limit)
        return [_target(dict(row)) for row in rows]

    async def calls(self, day: date | None) -> list[dict[str, Any]]:
        """Return the calls of *day*, for the daily report."""
        day = day or self.clock().astimezone(JST).date()
        async with connected(self.pool) as connection:
            rows = await connection.fetch(OUTREACH["calls"], day)
        return [_call(dict(row)) for row in rows]

    async def bar(self, phone: str, reason: str, user: str) -> None:
        """Put a number on the do-not-call list."""
        async with transaction(self.pool) as connection:
            await connection.execute(OUTREACH["bar"], phone, reason, self.clock(), user)

    async def barred(self) -> list[dict[str, Any]]:
        """Return the do-not-call list, the newest first."""
        async with connected(self.pool) as connection:
            rows = await connection.fetch(OUTREACH["barred"], _MOST_BARRED)
        return [{**row, "at": iso(row["at"]), "phone_written": phone_number(row["phone"])} for row in rows]

    async def _open_gate(self, connection: Connection) -> dict[str, Any]:
        gate = await self.gate.decided(connection)
        _refuse_if_closed(gate)
        return gate

    async def _row(self, connection: Connection, target: int) -> Row:
        row = await connection.fetchrow(OUTREACH["lock"], target)
        if row is None:
            raise NotThere("この勧奨先はありません。")
        return dict(row)

    def _check_hand(self, row: Row, actor: Actor) -> None:
        if row["locked_by"] != actor.user and actor.role not in FLOOR:
            raise NotAllowed(_NOT_YOURS)

    def _after(self, row: Row, wish: ResultWish, now: datetime) -> tuple[Any, ...]:
        """Return state, attempts, when to call again, and the outcome."""
        rule, attempts = self.plan().outreach, row["attempts"] + (row["open_call"] is not None)
        again = wish.outcome in AGAIN and attempts < rule.attempts
        retry_at = wish.retry_at or now + timedelta(seconds=rule.retry_after_s)
        return "waiting" if again else "done", attempts, retry_at if again else _FAR_BACK, wish.outcome

    def _refuse_number(self, phone: str) -> None:
        """Look again: the list may be older than the centre's own numbers."""
        if isinstance(checked(phone, self._own_numbers()), Refusal):
            raise NotPossible(_NOT_DIALLED)

    def _own_numbers(self) -> set[str]:
        return {number.number for number in self.plan().numbers}

    def _refuse_numbers(self, rows: Sequence[tuple[int, TargetRow]]) -> None:
        own = self._own_numbers()
        faults = [
            SheetFault(line, SHEET.columns["phone"], _NOT_DIALLED)
            for line, row in rows
            if isinstance(checked(row.phone, own), Refusal)
        ]
        if faults:
            raise BadSheet(faults)


def _refuse_if_closed(gate: Mapping[str, Any]) -> None:
    if gate["why_not"] is not None:
        raise GateClosed(gate["why_not"], {"gate": gate})


def _target(row: Row) -> dict[str, Any]:
    names = ("id", "list", "name", "phone", "kind", "address", "contact", "notes", *_PROGRESS)
    waits = row["not_before"] if row["attempts"] and row["state"] == "waiting" else None
    until: datetime | None = row["locked_until"]
    return {
        **{name: row[name] for name in names},
        "phone_written": phone_number(row["phone"]),
        "kind_title": KINDS[row["kind"]],
        "not_before": None if waits is None else iso(waits),
        "locked_by": row["locked_by"],
        "locked_until": None if until is None else iso(until),
        "open_call": row["open_call"],
    }


def _call(row: Row) -> dict[str, Any]:
    names = ("id", "target", "name", "list", "kind", "phone", "outcome", "note")
    settled: datetime | None = row["settled_at"]
    return {
        **{name: row[name] for name in names},
        "phone_written": phone_number(row["phone"]),
        "at": iso(row["at"]),
        "by": row["dialled_by"],
        "settled_at": None if settled is None else iso(settled),
    }
