"""The chain: each row's hash covers the row and the hash before it. Pure; anybody can compute it again.

``hash = SHA-256(previous ‖ JSON)``, where JSON is the object ``{seq, id, at, who, role, what, object, source,
result, detail}`` in UTF-8 with sorted keys and without spaces; ``at`` is ISO 8601 in UTC with microseconds.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

START = bytes(32)
"""What stands before the first row."""

FIELDS = ("id", "at", "who", "role", "what", "object", "source", "result", "detail")


def link(previous: bytes, seq: int, row: Mapping[str, Any]) -> bytes:
    """Return the hash of *row* (with the keys `FIELDS`) at place *seq* after *previous*."""
    told = {"seq": seq, **{name: row[name] for name in FIELDS}}
    return hashlib.sha256(previous + orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).digest()
