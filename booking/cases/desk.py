"""Opens cases, changes them with their history, and finds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from booking.cases.content import case_content, mail_content, summary_of
from booking.cases.rules import (
    MAY_SET_STATE,
    OF_EVERY_OPERATOR,
    OF_THE_CITY,
    ON_BEHALF_OF_CITY,
    STATES_AFTER,
    CaseState,
    may_edit,
    may_see,
    sees_all,
)
from booking.cases.wishes import CaseChange, CaseQuery, CaseWish
from booking.database import CASES, connected, transaction
from booking.errors import ChangedMeanwhile, FieldFault, Invalid, NotAllowed, NotPossible, NotThere
from booking.repeats import remember, remembered
from booking.shapes import Actor, Answer, CentrePlan, Clock, Once
from config.schema.cases import CaseKind
from storage import Connection, Pool
from telephony.record import JST, iso

Row = dict[str, Any]

_UNFINISHED = ("open", "seen")
_IN_DETAILS = ("content", "name", "kana", "report")
_EDITABLE = ("content", "name", "kana", "caller", "due_at")
NO_SUCH_CASE = "この番号の案件はありません。"


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of the centre."""

    pool: Pool
    plan: CentrePlan
    clock: Clock

    async def open(self, wish: CaseWish, actor: Actor, once: Once | None) -> Answer:
        """Open a case; the e-mail about it is queued with it. Raises `BookingError`."""
        now, plan = self.clock(), self.plan()
        kind = CaseKind(wish.kind)
        if wish.to is not None and wish.to not in {contact.name for contact in plan.contacts}:
            raise Invalid(FieldFault("to", "この連絡先は設定にありません。"))
        due_at = wish.due_at or now + timedelta(seconds=plan.cases.rule(kind).due_s)
        _check_due(due_at, now)
        details = {name: getattr(wish, name) for name in ("content", "name", "kana", "to")}
        kept = {name: value for name, value in details.items() if value is not None}
        history = [_entry(now, actor, state=CaseState.OPEN)]
        values = (
            kind,
            wish.call,
            wish.caller,
            now,
            due_at,
            summary_of(wish.content),
            kept,
            history,
            actor.user,
        )
        async with transaction(self.pool) as connection:
            known = await remembered(connection, once)
            if known is not None:
                return known
            row = await connection.fetchrow(CASES["open"], *values)
            answer = Answer(HTTPStatus.CREATED, case_content(dict(row or {}), now) | {"history": history})
            await remember(connection, once, answer)
        return answer

    async def change(self, number: str, wish: CaseChange, actor: Actor, once: Once | None) -> Answer:
        """Change what *wish* names, and add to the history. Raises `BookingError`; then nothing changed."""
        async with transaction(self.pool) as connection:
            await connection.execute(CASES["lock"], number)
            before = await self._row(connection, number, actor)
            known = await remembered(connection, once)
            if known is not None:
                return known
            after, changes = self._wished(before, wish, actor)
            noted = _entry(self.clock(), actor, state=wish.state, note=wish.note, changes=changes)
            columns = ("number", "state", "caller", "due_at", "summary", "details")
            await connection.execute(CASES["put"], *(after[name] for name in columns), [noted])
            answer = Answer(HTTPStatus.OK, await self._whole(connection, number, actor))
            await remember(connection, once, answer)
        return answer

    async def find(self, query: CaseQuery, actor: Actor) -> list[dict[str, Any]]:
        """Return matching cases that are shown to *actor*, newest first."""
        now = self.clock()
        owner = None if sees_all(actor) else actor.user
        kinds, states = _kinds(query), _states(query)
        values = (kinds, states, _due_before(query, now), query.call, owner, list(OF_EVERY_OPERATOR))
        async with connected(self.pool) as connection:
            rows = await connection.fetch(CASES["find"], *values, query.limit)
        return [case_content(dict(row), now) for row in rows]

    async def one(self, number: str, actor: Actor) -> dict[str, Any]:
        """Return one case with its history and e-mails. Raises `NotThere`."""
        async with connected(self.pool) as connection:
            return await self._whole(connection, number, actor)

    async def _whole(self, connection: Connection, number: str, actor: Actor) -> dict[str, Any]:
        row = await self._row(connection, number, actor)
        mails = await connection.fetch(CASES["mails"], number)
        more = {"history": row["history"], "mails": [mail_content(dict(mail)) for mail in mails]}
        return case_content(row, self.clock()) | more

    async def _row(self, connection: Connection, number: str, actor: Actor) -> Row:
        row = await connection.fetchrow(CASES["one"], number)
        if row is None or not may_see(actor, row["kind"], row["opened_by"]):
            raise NotThere(NO_SUCH_CASE)
        return dict(row)

    def _wished(self, before: Row, wish: CaseChange, actor: Actor) -> tuple[Row, dict[str, list[Any]]]:
        """Return the row as *wish* wants it, and what changes. Raises `BookingError`."""
        if wish.version != before["version"]:
            raise ChangedMeanwhile(
                "ほかの人が先にこの案件を変更しました。読み直してから、もう一度変更してください。",
                {"version": before["version"]},
            )
        if wish.model_fields_set & {*_EDITABLE, "report"}:
            _check_edit(before, wish, actor)
        if wish.due_at is not None:
            _check_due(wish.due_at, before["opened_at"])
        details = dict(before["details"])
        details |= {
            name: getattr(wish, name) for name in _IN_DETAILS if getattr(wish, name, None) is not None
        }
        after = before | {"details": details}
        if wish.content is not None:
            after["summary"] = summary_of(wish.content)
        after |= {n: getattr(wish, n) for n in ("caller", "due_at") if getattr(wish, n) is not None}
        if wish.state is not None:
            _check_state(after, wish, actor)
            after["state"] = wish.state
        return after, _difference(before, after)


def _check_due(due_at: datetime, opened_at: datetime) -> None:
    if due_at < opened_at:
        raise Invalid(
            FieldFault("due_at", "期限が過ぎた日時になっています。これからの日時を入れてください。")
        )


def _check_edit(before: Row, wish: CaseChange, actor: Actor) -> None:
    if wish.report is not None and before["kind"] != CaseKind.COMPLAINT:
        raise Invalid(FieldFault("report", "報告は苦情の案件にだけ書けます。対応はメモに書いてください。"))
    if not may_edit(actor, before["opened_by"]):
        raise NotAllowed("内容を直せるのは、この案件を作った人と責任者だけです。メモは書けます。")


def _check_state(after: Row, wish: CaseChange, actor: Actor) -> None:
    kind, state = CaseKind(after["kind"]), CaseState(after["state"])
    if actor.role not in MAY_SET_STATE[kind]:
        raise NotAllowed("この種類の案件の状態を、あなたの役割では変えられません。")
    if wish.state not in STATES_AFTER[state]:
        raise NotPossible("案件はすでにその状態です。読み直してください。")
    on_behalf = kind is CaseKind.CITY_CALLBACK and actor.role in ON_BEHALF_OF_CITY
    if on_behalf and wish.note is None:
        raise Invalid(
            FieldFault("note", "市に代わって状態を変えるときは、誰に確かめたかをメモに書いてください。")
        )
    if kind is CaseKind.COMPLAINT and wish.state is CaseState.DONE and "report" not in after["details"]:
        raise Invalid(FieldFault("report", "苦情を「済」にするには、市への報告を書いてください。"))


def _difference(before: Row, after: Row) -> dict[str, list[Any]]:
    """Return what changed, field by field, as [before, after]."""

    def shown(row: Row) -> dict[str, Any]:
        due = row["due_at"]
        return {**row["details"], "caller": row["caller"], "due_at": None if due is None else iso(due)}

    old, new = shown(before), shown(after)
    return {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]}


def _entry(
    now: datetime,
    actor: Actor,
    *,
    state: CaseState | None = None,
    note: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {"at": iso(now), "by": actor.user, "state": state, "note": note, "changes": dict(changes or {})}


def _kinds(query: CaseQuery) -> list[str]:
    among = OF_THE_CITY if query.view == "city" else tuple(CaseKind)
    return [kind for kind in among if query.kind in {None, kind}]


def _states(query: CaseQuery) -> list[str]:
    if query.state == "unfinished" or (query.state is None and query.due is not None):
        return list(_UNFINISHED)
    return list(CaseState) if query.state is None else [query.state]


def _due_before(query: CaseQuery, now: datetime) -> datetime | None:
    if query.due == "overdue":
        return now
    midnight = datetime.combine(now.astimezone(JST).date() + timedelta(days=1), datetime.min.time(), JST)
    return midnight if query.due == "today" else None
