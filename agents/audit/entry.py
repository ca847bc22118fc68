"""One line of the audit trail, before it has its place in the chain. Holds no personal data in the clear."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from config.logs import HIDDEN

_ID_BYTES = 12
LONGEST_TEXT = 200
"""Letters kept of anything that came from outside; the trail is no place to fill a disk with."""

OPEN_VALUES = frozenset(
    {
        "action",
        "agent",
        "base",
        "disabled",
        "first",
        "from",
        "kind",
        "level",
        "limit",
        "mode",
        "outcome",
        "queue",
        "reason",
        "role",
        "service",
        "since",
        "state",
        "supervisor",
        "until",
        "version",
        "venue",
        "what",
        "who",
    }
)
"""Fields whose values say nothing about a citizen and may be read in the trail. All others are hidden."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who (*role*) did *what* to which *object*, from where, with which result.

    *what* is the route (``PATCH /api/agents/{name}``), ``desk.<message>``, or ``cli.<command>``; *object*
    names the thing, by its id. *result* is ``ok``, or why not. *at* is seconds since 1970, *id* makes a
    repeated delivery recognisable.
    """

    who: str
    role: str
    what: str
    object: str
    source: str
    result: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.time)
    id: str = field(default_factory=lambda: secrets.token_hex(_ID_BYTES))

    def as_row(self) -> dict[str, Any]:
        """Return it as plain values, texts cut and made valid Unicode; the time is ISO 8601, UTC."""
        moment = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="microseconds")
        texts = {
            name: _plain(getattr(self, name))
            for name in ("who", "role", "what", "object", "source", "result")
        }
        return {"id": self.id, "at": moment, **texts, "detail": _plain_mapping(self.detail)}


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return *fields* as the trail may hold them: values of `OPEN_VALUES`, and the names alone of others."""
    return {name: value if name in OPEN_VALUES else HIDDEN for name, value in fields.items()}


def _plain(text: str) -> str:
    return str(text)[:LONGEST_TEXT].encode("utf-8", "replace").decode().replace("\0", "?")


def _plain_mapping(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {_plain(name): _plain_value(value) for name, value in list(detail.items())[:50]}


def _plain_value(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else _plain(value)
