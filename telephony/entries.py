"""An entry of the journal: a fact with its number. The kinds are listed in ``telephony.model.facts``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telephony.model.ids import CallId, Instant

CALL = "call:"
AGENT = "agent:"
QUEUE = "queue:"


@dataclass(frozen=True, slots=True)
class Entry:
    """Fact number *seq* of its stream."""

    stream: str
    seq: int
    at: Instant
    kind: str
    data: Mapping[str, Any]


def call_of(stream: str) -> CallId | None:
    """Return the call that *stream* belongs to, or None for another stream."""
    return CallId(stream.removeprefix(CALL)) if stream.startswith(CALL) else None


def stream_of(call: CallId) -> str:
    """Return the stream of *call*."""
    return CALL + call
