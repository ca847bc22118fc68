"""Who is signed in. Requests are answered from memory; PostgreSQL is what a restart reads.

Changes are written behind, within a moment while the database answers, and as soon as it is back when it was
away: a database that restarts signs nobody out (ADR 14). Only hashes of tokens are kept. What the person may
do is asked of the roster at every request, never remembered here.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from agents.ports import Unavailable
from agents.session_store import Kept, SessionTable

LONGEST_S = 12 * 3600.0
"""A session ends after the longest shift, whatever happens."""

IDLE_S = 3600.0
"""A session ends when nothing was asked for so long and no desk is open in it."""

WRITE_EVERY_S = 30.0
"""How often it is written down when a session was last seen."""

RETRY_S = 1.0
SETTLE_S = 0.5
"""How long an ending waits for PostgreSQL before it goes on without."""

_BYTES = 32
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in. *id* is not secret; *csrf* is what every write must send back."""

    id: str
    user: str
    csrf: str


class Sessions:
    """All sessions, by the hash of their token. *clock* is seconds since 1970. `run` must run beside it."""

    def __init__(self, table: SessionTable, clock: Callable[[], float] = time.time) -> None:
        self._table, self._clock = table, clock
        self._sessions: dict[bytes, Kept] = {}
        self._to_keep: set[bytes] = set()
        self._to_forget: set[bytes] = set()
        self._changed = asyncio.Event()
        self._writing = asyncio.Lock()
        self.are_known = False
        """Whether the sessions from before the start have been read."""

    def begin(self, user: str) -> tuple[str, Session]:
        """Return a new token and its session."""
        token, now = secrets.token_urlsafe(_BYTES), self._clock()
        digest = _digest(token)
        self._sessions[digest] = Kept(digest, secrets.token_hex(8), user, now, now)
        self._to_keep.add(digest)
        self._changed.set()
        return token, self._session(token, self._sessions[digest])

    def find(self, token: str) -> Session | None:
        """Return the session of *token* if it has not ended, and note that it was used."""
        digest = _digest(token)
        kept = self._sessions.get(digest)
        if kept is None or self._has_ended(kept):
            return None
        self._see(kept)
        return self._session(token, kept)

    def still_open(self, session: str) -> bool:
        """Whether the session of an open desk has not ended; an open desk counts as being used."""
        kept = next((each for each in self._sessions.values() if each.id == session), None)
        if kept is None or self._has_ended(kept):
            return False
        self._see(kept)
        return True

    async def end(self, session: Session) -> None:
        """Sign out."""
        await self._end(lambda kept: kept.id == session.id)

    async def end_all_of(self, user: str, *, but: str | None = None) -> None:
        """Sign *user* out everywhere, but not of the session *but*: a new password, or disabled."""
        await self._end(lambda kept: kept.user == user and kept.id != but)

    async def load(self) -> None:
        """Read the sessions from before the start. Raises `Unavailable`."""
        now = self._clock()
        for kept in await self._table.alive(now - LONGEST_S, now - IDLE_S):
            if kept.digest not in self._to_forget:
                self._sessions.setdefault(kept.digest, kept)
        self.are_known = True

    async def run(self) -> None:
        """Write down what changes, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), WRITE_EVERY_S)
            try:
                if not self.are_known:
                    await self.load()
                await self.write()
            except Unavailable as error:
                log.warning("sessions.not_written", reason=str(error), waiting=len(self._to_keep))
                await asyncio.sleep(RETRY_S)
                self._changed.set()

    async def write(self) -> None:
        """Write what has changed. Raises `Unavailable`, and keeps it for the next time."""
        async with self._writing:
            self._changed.clear()
            now = self._clock()
            self._sessions = {key: kept for key, kept in self._sessions.items() if not self._has_ended(kept)}
            keep, forget = self._to_keep, self._to_forget
            self._to_keep, self._to_forget = set(), set()
            try:
                rows = [self._sessions[digest] for digest in keep if digest in self._sessions]
                await self._table.write(rows, list(forget), now - LONGEST_S, now - IDLE_S)
            except BaseException:
                self._to_keep |= keep
                self._to_forget |= forget
                self._changed.set()
                raise

    async def _end(self, which: Callable[[Kept], bool]) -> None:
        ended = [digest for digest, kept in self._sessions.items() if which(kept)]
        for digest in ended:
            del self._sessions[digest]
        self._to_keep.difference_update(ended)
        self._to_forget.update(ended)
        self._changed.set()
        if ended:
            # In memory it has ended; only a restart within the next moments could forget that.
            with suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(SETTLE_S):
                    await self.write()

    def _see(self, kept: Kept) -> None:
        self._sessions[kept.digest] = replace(kept, seen_at=self._clock())
        self._to_keep.add(kept.digest)

    def _has_ended(self, kept: Kept) -> bool:
        now = self._clock()
        return now - kept.begun_at >= LONGEST_S or now - kept.seen_at >= IDLE_S

    @staticmethod
    def _session(token: str, kept: Kept) -> Session:
        csrf = hmac.new(token.encode(errors="replace"), b"csrf", hashlib.sha256).hexdigest()
        return Session(kept.id, kept.user, csrf)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
