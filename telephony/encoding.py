"""Facts as JSON that SQLite and PostgreSQL both take, whatever a telephone network put into them.

A caller's name may hold anything. JSON in PostgreSQL knows no NUL, UTF-8 knows no lone surrogate: both become
U+FFFD. Nothing here raises for odd text; a value of a type that JSON lacks is written as its text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from telephony.model.commands import Record

MICROSECONDS = 1_000_000
_ESCAPED_NUL = b"\\u0000"


def encode(record: Record) -> bytes:
    """Return ``[stream, at in microseconds, kind, data]`` as JSON on one line."""
    row = (record.stream, round(record.at * MICROSECONDS), record.kind, record.data)
    try:
        wire = orjson.dumps(row, default=_plain)
    except TypeError:
        return orjson.dumps(_clean(row))
    return orjson.dumps(_clean(row)) if _ESCAPED_NUL in wire else wire


def batch(entries: Iterable[bytes]) -> str:
    """Return encoded *entries* as one JSON array."""
    return (b"[%s]" % b",".join(entries)).decode()


def _plain(value: Any) -> Any:
    """Return *value*, which orjson does not know, as something it knows."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "�").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, bool | float):
        return value
    return value if isinstance(value, int) and value.bit_length() < 64 else _clean(str(value))  # noqa: PLR2004 - JSON's integers in SQLite
