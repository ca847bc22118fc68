"""The journal's spool: a SQLite file that one process appends to and another one empties.

Write-ahead log with full synchronisation: what a returned `append` wrote survives the death of the process
and of the machine (https://www.sqlite.org/pragma.html#pragma_synchronous). Entries of one stream are numbered
1, 2, 3 …; the numbers go on after entries were drained. Every method blocks: never call one on an event loop.
"""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from storage import statements
from telephony.encoding import MICROSECONDS, batch, encode
from telephony.entries import AGENT, QUEUE, Entry, call_of
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, Instant, QueueName

BUSY_TIMEOUT_S = 10.0
"""How long to wait while the other process commits; it holds the file for milliseconds."""

SQL = statements("spool")

Row = tuple[str, int, int, str, str]
"""stream, seq, at in microseconds, kind, data as JSON text."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries to drain, oldest first; *upto* acknowledges them all."""

    rows: list[Row]
    upto: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Entry *number* of the tail *name* (``telephony.tail``)."""

    name: str
    number: int


class Spool:
    """One connection to the spool file; creates the file. Raises `sqlite3.Error` and OSError."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            file, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(SQL["create_tables"])
        if self._connection.execute(SQL["begun"]).fetchone() is None:
            self._connection.execute(SQL["begin_spool"], {"begun_ms": time.time_ns() // 1_000_000})
        self.begun_ms: int = self._value("begun")

    def append(self, records: Sequence[Record]) -> None:
        """Write *records* durably, all or none, in order."""
        self.append_encoded([encode(record) for record in records])

    def append_encoded(self, entries: Sequence[bytes], upto: Mark | None = None) -> None:
        """Write encoded *entries* likewise, and that everything of a tail *upto* there is here now."""
        with self._transaction():
            self._append(entries, upto)

    def replay(self, tail: str, entries: Mapping[int, bytes]) -> int:
        """Write those *entries* of a tail, by number, that are not here yet; return how many those were."""
        with self._transaction():
            known = self._connection.execute(SQL["tail_upto"], {"tail": tail}).fetchone()
            upto = 0 if known is None else known[0]
            missing = {number: entry for number, entry in entries.items() if number > upto}
            if missing:
                self._append(list(missing.values()), Mark(tail, max(missing)))
        return len(missing)

    def _append(self, entries: Sequence[bytes], upto: Mark | None) -> None:
        parameters = {"batch": batch(entries)}
        self._connection.execute(SQL["append_entries"], parameters)
        self._connection.execute(SQL["advance_heads"], parameters)
        if upto is not None:
            self._connection.execute(SQL["advance_tail"], {"tail": upto.name, "upto": upto.number})

    def not_drained(self, most: int) -> Batch:
        """Return up to *most* entries that wait for PostgreSQL, oldest first."""
        found = self._connection.execute(SQL["not_drained"], {"most": most}).fetchall()
        return Batch([row[1:] for row in found], found[-1][0] if found else 0)

    def acknowledge(self, upto: int) -> None:
        """Everything up to *upto* is in PostgreSQL: forget what recovery cannot need any more."""
        with self._transaction():
            self._connection.execute(SQL["forget_drained"], {"upto": upto})
            self._connection.execute(SQL["set_drained"], {"upto": upto})

    def depth(self) -> int:
        """Return how many entries wait for PostgreSQL."""
        return self._value("depth")

    def unfinished(self) -> Mapping[CallId, tuple[Entry, ...]]:
        """Return the entries of every call that has not ended, drained or not."""
        calls: dict[CallId, list[Entry]] = {}
        for row in self._connection.execute(SQL["unfinished"]):
            entry = _entry(row)
            call = call_of(entry.stream)
            if call is not None:
                calls.setdefault(call, []).append(entry)
        return {call: tuple(entries) for call, entries in calls.items()}

    def known(self, streams: Sequence[str]) -> set[str]:
        """Return those of *streams* that have ever had an entry here."""
        found = self._connection.execute(SQL["known"], {"streams": orjson.dumps(list(streams)).decode()})
        return {row[0] for row in found}

    def latest_of_agents(self) -> Mapping[AgentName, Entry]:
        """Return the last entry of every operator's stream."""
        return {AgentName(name): entry for name, entry in self._latest(AGENT).items()}

    def latest_of_queues(self) -> Mapping[QueueName, Entry]:
        """Return the last entry of every queue's stream."""
        return {QueueName(name): entry for name, entry in self._latest(QUEUE).items()}

    def _latest(self, prefix: str) -> Mapping[str, Entry]:
        entries = (_entry(row) for row in self._connection.execute(SQL["latest"], {"streams": f"{prefix}%"}))
        return {entry.stream.removeprefix(prefix): entry for entry in entries}

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _value(self, name: str) -> int:
        (value,) = self._connection.execute(SQL[name]).fetchone()
        return int(value)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk may have rolled back already (https://www.sqlite.org/lang_transaction.html, 2.4).
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def _entry(row: Sequence[Any]) -> Entry:
    stream, seq, at_us, kind, data = row
    return Entry(stream, seq, Instant(at_us / MICROSECONDS), kind, orjson.loads(data))
