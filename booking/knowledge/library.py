"""Finds agreed answers, takes in new versions of them, and notes which was given on a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking.database import KNOWLEDGE, connected, transaction
from booking.errors import NotThere
from booking.knowledge.rows import SHEET, QuestionRow
from booking.search_keys import bigrams, index_grams, text_key
from booking.shapes import Clock
from booking.sheets import BadSheet, SheetFault
from storage import Connection, Pool
from telephony.record import JST, iso

LEAST_SHARE = 0.3
"""So much of the words' pairs of letters must be in an answer: questions come with other endings."""

_CONTENT = ("category", "question", "answer", "keywords", "agreed_on", "valid_from", "valid_until")
NO_SUCH_ANSWER = "この番号のQ&Aはありません。"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Library:
    """The agreed answers of the centre."""

    pool: Pool
    clock: Clock

    async def find(self, words: str | None, category: str | None, most: int) -> list[dict[str, Any]]:
        """Return what is in force today: what answers *words* best comes first; without words, all."""
        terms = [{"text": key, "grams": bigrams(key)} for key in text_key(words or "").split()]
        async with connected(self.pool) as connection:
            if terms:
                every = [gram for term in terms for gram in term["grams"]]
                values = (self._today(), terms, every, category, LEAST_SHARE, most)
                rows = await connection.fetch(KNOWLEDGE["search"], *values)
            else:
                rows = await connection.fetch(KNOWLEDGE["in_force"], self._today(), category, None, most)
        return [_content(dict(row)) for row in rows]

    async def one(self, number: str, *, drafts: bool) -> dict[str, Any]:
        """Return one with all its agreed versions, and *drafts* for those who agree on them."""
        async with connected(self.pool) as connection:
            shown = await self._in_force(connection, number)
            versions = await connection.fetch(KNOWLEDGE["versions"], number, drafts)
        if not versions:
            raise NotThere(NO_SUCH_ANSWER)
        newest = dict(shown or versions[0])
        history = [_content(dict(version)) for version in versions]
        return _content(newest) | {"in_force": shown is not None, "versions": history}

    async def use(self, number: str, call: str, user: str) -> int:
        """Note that it was given on *call*; return its version. Raises `NotThere` when it is not in force."""
        async with transaction(self.pool) as connection:
            row = await self._in_force(connection, number)
            if row is None:
                raise NotThere(NO_SUCH_ANSWER)
            version = int(row["version"])
            await connection.execute(KNOWLEDGE["use"], call, number, version, self.clock(), user)
        return version

    async def take_in(self, text: str, user: str, *, only_check: bool = False) -> dict[str, int]:
        """Take in a table: a new version of each answer that differs. Raises `BadSheet`, and takes nothing.

        Returns how many are ``added``, ``changed``, ``unchanged``, and how many of the rows are ``drafts``.
        """
        rows = SHEET.read(text)
        _refuse_twice(rows)
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        async with transaction(self.pool) as connection:
            await connection.execute(KNOWLEDGE["lock"])
            newest = {row["number"]: dict(row) for row in await connection.fetch(KNOWLEDGE["newest"])}
            for _, row in rows:
                content, before = self._stored(row, newest.get(row.number)), newest.get(row.number)
                done = _what(content, before)
                counts[done] += 1
                if done != "unchanged" and not only_check:
                    await self._enter(connection, row.number, content, before, user)
        return counts | {"drafts": sum(row.agreed_on is None for _, row in rows)}

    def _stored(self, row: QuestionRow, before: Row | None) -> dict[str, Any]:
        """Return the columns; what does not say when it begins began before, or when it was agreed."""
        begins = row.valid_from or row.agreed_on or (None if before is None else before["valid_from"])
        content = row.model_dump(include=set(_CONTENT))
        return content | {"keywords": list(row.keywords), "valid_from": begins or self._today()}

    async def _enter(
        self, connection: Connection, number: str, content: Row, before: Row | None, user: str
    ) -> None:
        head = text_key(" ".join((content["question"], *content["keywords"])))
        body = text_key(f"{content['category']} {content['answer']}")
        version = 1 if before is None else before["version"] + 1
        columns = (content[name] for name in _CONTENT)
        keys = (head, body, index_grams(head, body))
        await connection.execute(KNOWLEDGE["enter"], number, version, *columns, *keys, self.clock(), user)

    async def _in_force(self, connection: Connection, number: str) -> Row | None:
        row = await connection.fetchrow(KNOWLEDGE["in_force"], self._today(), None, number, 1)
        return None if row is None else dict(row)

    def _today(self) -> date:
        return self.clock().astimezone(JST).date()


def _refuse_twice(rows: Sequence[tuple[int, QuestionRow]]) -> None:
    first: dict[str, int] = {}
    faults = [
        SheetFault(
            line, SHEET.columns["number"], f"番号 {row.number} は{first[row.number]}行目にもあります。"
        )
        for line, row in rows
        if first.setdefault(row.number, line) != line
    ]
    if faults:
        raise BadSheet(faults)


def _what(content: Row, before: Row | None) -> str:
    if before is None:
        return "added"
    return "unchanged" if all(content[name] == before[name] for name in _CONTENT) else "changed"


def _content(row: Row) -> dict[str, Any]:
    content = {
        name: row[name] for name in ("number", "version", "category", "question", "answer", "keywords")
    }
    days = {name: row[name] for name in ("agreed_on", "valid_from", "valid_until")}
    more: dict[str, Any] = {name: None if day is None else str(day) for name, day in days.items()}
    return content | more | {"uses": row["uses"], "entered_at": iso(row["entered_at"])}
