"""What is known and said of a call's quality, in PostgreSQL. Raises `Unavailable` and `booking.errors`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agents.roles import FLOOR, Role
from booking.database import QUALITY, connected
from booking.errors import FieldFault, Invalid, NotAllowed, NotPossible, NotThere
from booking.quality.wishes import ScoreWish
from booking.shapes import Actor, CentrePlan, Clock
from config.schema import Criterion
from storage import Pool
from telephony.record import iso

_NO_CALL = "この通話の記録はありません（まだ終わっていない通話も、ここには出ません）。"
_NO_MARK = "この印は、ないか、ほかの人のものです。"
_SCORES = FLOOR
_REMOVES_ANY = frozenset({Role.MANAGER})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that can be played: its file, and its checksum."""

    file: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class QualityDesk:
    """The room. *recordings* is the folder that they lie in."""

    pool: Pool
    plan: CentrePlan
    clock: Clock
    recordings: Path

    async def sound(self, call: str) -> Sound:
        """Return the recording of *call*. Raises `NotThere` when there is none that is finished."""
        row = await self._call(call)
        if row["file"] is None:
            raise NotThere("この通話の録音はありません。")
        file = (self.recordings / row["file"]).resolve()
        if row["sha256"] is None:
            raise NotThere("録音は、まだ聞けるようになっていません。少し待ってください。")
        if not file.is_relative_to(self.recordings.resolve()) or not file.is_file():
            raise NotThere("録音のファイルが見つかりません。")
        return Sound(file, row["sha256"])

    async def of_call(self, call: str, who: Actor) -> dict[str, Any]:
        """Return marks and scorecards of a call. An operator sees the own ones only."""
        row = await self._call(call)
        if who.role not in _SCORES and row["agent"] != who.user:
            raise NotAllowed("ほかの担当者の通話の評価は見られません。")
        async with connected(self.pool) as connection:
            marks = await connection.fetch(QUALITY["marks"], call)
            cards = await connection.fetch(QUALITY["scorecards"], call)
        return {
            "call": call,
            "agent": row["agent"],
            "recording_s": row["seconds"],
            "form": [criterion.model_dump() for criterion in self.plan().quality.criteria],
            "marks": [mark_content(dict(mark)) for mark in marks],
            "scorecards": [card_content(dict(card)) for card in cards],
        }

    async def mark(self, call: str, at_s: float, text: str, who: Actor) -> dict[str, Any]:
        """Remark on a moment of the recording."""
        row = await self._call(call)
        if row["seconds"] is not None and at_s > row["seconds"]:
            detail = f"録音は {row['seconds']:.0f} 秒までです。"
            raise Invalid(FieldFault("at_s", detail))
        async with connected(self.pool) as connection:
            made = await connection.fetchrow(QUALITY["mark"], call, at_s, text, who.user, self.clock())
        return mark_content(dict(made or {}))

    async def unmark(self, call: str, mark: int, who: Actor) -> None:
        """Take a remark away: the own one; managers anybody's. Raises `NotThere`."""
        whose = None if who.role in _REMOVES_ANY else who.user
        async with connected(self.pool) as connection:
            if await connection.fetchval(QUALITY["unmark"], call, mark, whose) is None:
                raise NotThere(_NO_MARK)

    async def score(self, call: str, wish: ScoreWish, who: Actor) -> dict[str, Any]:
        """Write the scorecard of *who* for the call; a later one replaces it."""
        row, criteria = await self._call(call), self.plan().quality.criteria
        if row["agent"] is None:
            raise NotPossible("担当者が応対していない通話は、評価できません。")
        points = scored(criteria, wish.points)
        counted = [each for each in points if each["points"] is not None]
        reached, most = (sum(each[name] for each in counted) for name in ("points", "most"))
        values = (call, who.user, row["agent"], self.clock(), points, reached, most, wish.comment)
        async with connected(self.pool) as connection:
            card = await connection.fetchrow(QUALITY["score"], *values)
        return card_content(dict(card or {}))

    async def find(
        self, agent: str | None, since: datetime | None, until: datetime | None, most: int
    ) -> dict[str, Any]:
        """Return scorecards, the latest first, and averages."""
        async with connected(self.pool) as connection:
            cards = await connection.fetch(QUALITY["find"], agent, since, until, most)
            sums = await connection.fetch(QUALITY["averages"], agent, since, until)
        averages = [
            {"agent": row["agent"], "scorecards": row["scorecards"], "percent": _percent(dict(row))}
            for row in sums
        ]
        return {"scorecards": [card_content(dict(card)) for card in cards], "averages": averages}

    async def _call(self, call: str) -> Row:
        async with connected(self.pool) as connection:
            row = await connection.fetchrow(QUALITY["call"], call)
        if row is None:
            raise NotThere(_NO_CALL)
        return dict(row)


def scored(criteria: Sequence[Criterion], points: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Return the lines of a scorecard. Raises `Invalid` with everything that does not fit the form."""
    if not criteria:
        raise NotPossible("評価の項目が決められていません（centre.toml の [quality]）。")
    known = {criterion.name: criterion for criterion in criteria}
    faults = [
        FieldFault("points", f"{name} という項目はありません。") for name in points if name not in known
    ]
    faults += [
        FieldFault("points", f"「{each.title}」は {each.most} 点までです。")
        for each in criteria
        if (points.get(each.name) or 0) > each.most
    ]
    missing = [each.title for each in criteria if each.name not in points]
    if missing:
        faults.append(FieldFault("points", f"点のない項目があります：{'、'.join(missing)}"))
    if not faults and all(value is None for value in points.values()):
        faults.append(FieldFault("points", "少なくとも一つの項目に点を付けてください。"))
    if faults:
        raise Invalid(*faults)
    return [
        {"name": each.name, "title": each.title, "points": points[each.name], "most": each.most}
        for each in criteria
    ]


def mark_content(row: Row) -> dict[str, Any]:
    """Return a remark as plain values."""
    plain = {name: row[name] for name in ("id", "at_s", "text")}
    return plain | {"by": row["by_whom"], "made_at": iso(row["made_at"])}


def card_content(row: Row) -> dict[str, Any]:
    """Return a scorecard as plain values."""
    plain = {name: row[name] for name in ("agent", "points", "reached", "most", "comment")}
    about = {"call": row["call_id"], "by": row["by_whom"], "scored_at": iso(row["scored_at"])}
    return about | plain | {"percent": _percent(row)}


def _percent(row: Row) -> float:
    return round(100 * int(row["reached"]) / int(row["most"]), 1)
