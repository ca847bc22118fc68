"""The trail's spool: a SQLite file that survives ``kill -9`` and power cuts; several processes append to it.

Write-ahead log with full synchronisation (https://www.sqlite.org/pragma.html#pragma_synchronous). It also
keeps the last link that was seen in PostgreSQL, so that a trail that was cut off at its end is found out.
Every method blocks: never call one on an event loop.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from agents.audit.entry import Entry
from storage import read_statements

_SQL = read_statements(Path(__file__).parents[1] / "sql" / "audit_spool.sql")
BUSY_TIMEOUT_S = 10.0
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries that wait for PostgreSQL, oldest first; *upto* acknowledges them."""

    rows: list[dict[str, Any]]
    upto: int


@dataclass(frozen=True, slots=True)
class Head:
    """The last link that this machine has seen in PostgreSQL."""

    seq: int
    hash: bytes


class Spool:
    """One connection to the file; creates it, for its owner only. Raises `sqlite3.Error` and OSError."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(_OWNER_ONLY)
        self._connection = sqlite3.connect(
            file, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SQL["create_tables"])

    def append(self, entries: Sequence[Entry]) -> None:
        """Write *entries* durably, all or none, in order."""
        rows = [orjson.dumps(entry.as_row()).decode() for entry in entries]
        self._connection.execute(_SQL["append"], {"batch": orjson.dumps(rows).decode()})

    def waiting(self, most: int) -> Waiting:
        """Return up to *most* entries that are not in PostgreSQL yet."""
        found = self._connection.execute(_SQL["waiting"], {"most": most}).fetchall()
        return Waiting([orjson.loads(text) for _, text in found], found[-1][0] if found else 0)

    def acknowledge(self, upto: int, head: Head) -> None:
        """Everything up to *upto* is in PostgreSQL, whose last link is *head*."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(_SQL["forget"], {"upto": upto})
            cursor.execute(_SQL["set_head"], {"seq": head.seq, "hash": head.hash})
            cursor.execute("COMMIT")

    def head(self) -> Head | None:
        """Return the last link that was seen, or None when there is none yet."""
        row = self._connection.execute(_SQL["head"]).fetchone()
        return None if row is None else Head(int(row[0]), bytes(row[1]))

    def depth(self) -> int:
        """Return how many entries wait for PostgreSQL."""
        (depth,) = self._connection.execute(_SQL["depth"]).fetchone()
        return int(depth)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()
