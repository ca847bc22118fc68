"""One-time tickets with which WebSockets are opened: they cannot send headers."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

TICKET_S = 30.0
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a WebSocket is opened with. *session* is None for the command line."""

    user: str
    session: str | None
    ends_at: float


class Tickets:
    """Tickets that were given out and not used yet. *clock* is monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tickets: dict[bytes, Ticket] = {}

    def issue(self, user: str, session: str | None) -> str:
        """Return a ticket that opens one socket within `TICKET_S`."""
        now = self._clock()
        self._tickets = {key: kept for key, kept in self._tickets.items() if kept.ends_at > now}
        ticket = secrets.token_urlsafe(_BYTES)
        self._tickets[_digest(ticket)] = Ticket(user, session, now + TICKET_S)
        return ticket

    def redeem(self, ticket: str) -> Ticket | None:
        """Return what the ticket stands for, once."""
        kept = self._tickets.pop(_digest(ticket), None)
        return kept if kept is not None and kept.ends_at > self._clock() else None


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode(errors="replace")).digest()
