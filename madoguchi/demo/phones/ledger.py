"""What went over the wire, message by message: the outside truth that records are compared with."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.demo.phones.sip import Message


class Way(StrEnum):
    """Seen from the phone."""

    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. *at* is epoch seconds; *name* is ``INVITE`` or ``180 INVITE``."""

    at: float
    way: Way
    name: str
    cseq: int

    def __str__(self) -> str:
        return f"{self.at:.4f} {self.way:>8} {self.name}"


class Ledger:
    """Entries by Call-ID, in the order they happened."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)

    def note(self, at: float, way: Way, message: Message) -> None:
        """Write down one message."""
        name = message.method if message.is_request else f"{message.status} {message.method}"
        self._entries[message.call_id].append(Entry(at, way, name, message.cseq))

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def of(self, call_id: str) -> list[Entry]:
        """Everything about one Call-ID."""
        return list(self._entries.get(call_id, ()))

    def first(self, call_id: str, way: Way, name: str) -> float | None:
        """When *name* went *way* for the first time."""
        return next((e.at for e in self.of(call_id) if e.way is way and e.name == name), None)
