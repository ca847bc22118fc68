"""Who is signed in: sessions in memory, and one-time tickets for WebSockets.

A restart signs everybody out. Only hashes of tokens are kept, so that a dump of memory opens no door. What
the person may do is asked of the roster at every request, never remembered here.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_S = 12 * 3600.0
"""A session ends after the longest shift, whatever happens."""

TICKET_S = 30.0
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in. *id* is not secret; *csrf* is what every write must send back."""

    id: str
    user: str
    csrf: str
    ends_at: float


class Sessions:
    """All sessions, by the hash of their token. *clock* is monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[bytes, Session] = {}

    def begin(self, user: str) -> tuple[str, Session]:
        """Return a new token and its session."""
        self._drop_ended()
        token = secrets.token_urlsafe(_BYTES)
        session = Session(
            secrets.token_hex(8), user, secrets.token_urlsafe(_BYTES), self._clock() + LONGEST_S
        )
        self._sessions[_digest(token)] = session
        return token, session

    def find(self, token: str) -> Session | None:
        """Return the session of *token* if it has not ended."""
        session = self._sessions.get(_digest(token))
        return session if session is not None and session.ends_at > self._clock() else None

    def end(self, session: Session) -> None:
        """Sign out."""
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.id != session.id}

    def end_all_of(self, user: str) -> None:
        """Sign *user* out everywhere: a new password, or taken off the roster."""
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.user != user}

    def _drop_ended(self) -> None:
        now = self._clock()
        self._sessions = {key: kept for key, kept in self._sessions.items() if kept.ends_at > now}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a WebSocket is opened with. *session* is None for the command line."""

    user: str
    session: str | None
    ends_at: float


class Tickets:
    """Tickets that were given out and not used yet."""

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


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
