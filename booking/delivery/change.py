"""One change of a reservation as the city's system gets it, and its signature. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from telephony.record import iso

TOLD = (
    *("id", "number", "state", "slot", "venue", "venue_title", "counter", "service", "service_title"),
    *("starts_at", "ends_at", "people", "name", "kana", "phone", "birth_date", "family", "notice_number"),
    *("notes", "channel", "version", "created_at", "changed_at"),
)
"""What the city hears of a reservation. What only the centre needs (its calls, who booked) stays here."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row of ``outbox``. *key* is the receiver's: it takes each once."""

    id: int
    key: str
    kind: str
    reservation: str
    version: int
    created_at: datetime
    attempts: int
    file: int | None
    payload: Mapping[str, Any]

    @property
    def cancels(self) -> bool:
        """Whether the reservation is over with it."""
        return self.kind == "reservation.cancelled"

    @property
    def content(self) -> dict[str, Any]:
        """The whole reservation as it is after the change."""
        return {name: self.payload.get(name) for name in TOLD}


def body_of(change: Change) -> bytes:
    """Return the JSON that is sent: always the same bytes for the same change."""
    return orjson.dumps(
        {
            "key": change.key,
            "kind": change.kind,
            "reservation": change.reservation,
            "version": change.version,
            "at": iso(change.created_at),
            "content": change.content,
        }
    )


def signature(secret: bytes, timestamp: int, key: str, body: bytes) -> str:
    """Return what proves that *body* is ours and was sent at *timestamp* (seconds since 1970).

    HMAC-SHA256 (RFC 2104) over timestamp, key and body, joined by line feeds.
    """
    signed = f"{timestamp}\n{key}\n".encode() + body
    return "v1=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()
