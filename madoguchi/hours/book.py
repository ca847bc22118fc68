"""The book of what is opened and closed ad hoc, while the centre runs.

``hours.json`` is written first and is what the controller lives from, so an opening holds at once and with
the database down. PostgreSQL gets a copy as soon as it can, and gives back what a lost disk took.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import stamina
import structlog

from madoguchi.hours.entries import DamagedBook, Entry, overrides, read_entries, write_entries
from storage import PASSING, Pool, statements
from telephony.model.rulings import Override

KEPT = timedelta(days=7)
"""How long something that is over stays in the file; the table keeps it for ever."""

LONGEST_PAUSE_S = 5.0

log = structlog.get_logger(__name__)


class NoSuchOverride(Exception):
    """Nothing that stands has this id; the message says so."""


class Book:
    """Everything that was entered, by id, oldest first.

    Args:
        file: ``hours.json``.
        pool: PostgreSQL, which may be away.
        announce: told everything that stands after every change; the model's next event.
    """

    def __init__(self, file: Path, pool: Pool, announce: Callable[[tuple[Override, ...]], None]) -> None:
        self._file, self._pool, self._announce = file, pool, announce
        self._entries: dict[str, Entry] = {}
        self._changed = asyncio.Event()

    @property
    def standing(self) -> list[Entry]:
        """What holds now or will hold."""
        now = datetime.now(UTC)
        return [entry for entry in self._entries.values() if entry.stands(now)]

    def load(self) -> None:
        """Read the file and announce it. A damaged one is put aside; the table gives back what it knows."""
        try:
            self._merge(read_entries(self._file))
        except DamagedBook as error:
            log.error("hours.file_damaged", reason=str(error))
            self._file.rename(self._file.with_suffix(".damaged"))
        self._tell()

    def enter(self, entry: Entry) -> None:
        """Let *entry* hold from now on. Raises OSError when it cannot be written down; then it does not."""
        self._write([*self._entries.values(), entry])
        log.info("hours.entered", id=entry.id, opens=entry.opens, by=entry.entered_by)

    def cancel(self, id_: str, by: str) -> None:
        """Take it back. Raises `NoSuchOverride`, and OSError as `enter` does."""
        entry = self._entries.get(id_)
        if entry is None or not entry.stands(datetime.now(UTC)):
            raise NoSuchOverride(f"Nothing that is open or closed ad hoc has the id {id_}.")
        cancelled = entry.model_copy(update={"cancelled_at": datetime.now(UTC), "cancelled_by": by})
        self._write([*self._entries.values(), cancelled])
        log.info("hours.cancelled", id=id_, by=by)

    async def run(self) -> None:
        """Copy every change to PostgreSQL, and take from it what is missing here; tries until it can."""
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            async for attempt in stamina.retry_context(
                on=PASSING, attempts=None, timeout=None, wait_max=LONGEST_PAUSE_S
            ):
                with attempt:
                    await self._compare()

    async def _compare(self) -> None:
        sql = statements("hours")
        async with self._pool.acquire() as connection:
            await connection.executemany(sql["keep"], [_row(entry) for entry in self._entries.values()])
            rows = await connection.fetch(sql["not_over"], datetime.now(UTC))
        known = [Entry.model_validate(dict(row)) for row in rows]
        if news := [entry for entry in known if self._is_news(entry)]:
            self._write([*self._entries.values(), *news])
            log.info("hours.restored", entries=len(news))

    def _is_news(self, entry: Entry) -> bool:
        """Whether the table knows more. What was taken back here while it answered stays so."""
        mine = self._entries.get(entry.id)
        return mine is None or (mine.cancelled_at is None and entry.cancelled_at is not None)

    def _write(self, entries: Iterable[Entry]) -> None:
        latest = {entry.id: entry for entry in entries}
        oldest = datetime.now(UTC) - KEPT
        write_entries(self._file, [entry for entry in latest.values() if entry.until > oldest])
        self._merge(latest.values())
        self._changed.set()
        self._tell()

    def _merge(self, entries: Iterable[Entry]) -> None:
        self._entries |= {entry.id: entry for entry in entries}
        self._entries = dict(sorted(self._entries.items(), key=lambda item: item[1].entered_at))

    def _tell(self) -> None:
        self._announce(overrides(self._entries.values()))


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.id,
        entry.opens,
        entry.since,
        entry.until,
        entry.message,
        entry.numbers,
        entry.queues,
        entry.entered_at,
        entry.entered_by,
        entry.cancelled_at,
        entry.cancelled_by,
    )
