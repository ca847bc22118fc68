"""Statements by name: ``-- name: <name>`` blocks of ``.sql`` files.

Why not aiosql: its functions are untyped and take no time-out; a statement handed to the typed methods of
asyncpg or sqlite3 needs nothing else (docs/adr/0004-journal.md). Parameters are the driver's: ``$1`` or
``:name``.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from storage.errors import StorageError

SQL = Path(__file__).parent / "sql"
_HEADING = re.compile(r"^-- name: *([a-z_]+) *\n", re.MULTILINE)


def read_statements(file: Path) -> Mapping[str, str]:
    """Return name → statement. Raises `StorageError` for a name that stands there twice."""
    _, *parts = _HEADING.split(file.read_text(encoding="utf-8"))
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) != len(names):
        raise StorageError(f"{file} names a statement twice.")
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}


@cache
def statements(area: str) -> Mapping[str, str]:
    """Return the statements of ``storage/sql/<area>.sql``."""
    return read_statements(SQL / f"{area}.sql")
