"""The open sockets of desks and floors, so that whoever is signed out is also cut off."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol


class Connection(Protocol):
    """An open socket of the desk or of the floor."""

    async def close(self) -> None:
        """Send the person away."""
        ...


@dataclass(frozen=True, slots=True)
class _Open:
    connection: Connection
    user: str
    session: str | None


class Sockets:
    """Every open socket with whose it is, and the session that it was opened in."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def holding(self, connection: Connection, user: str, session: str | None) -> Iterator[None]:
        """Count *connection* as open."""
        entry = _Open(connection, user, session)
        self._open.append(entry)
        try:
            yield
        finally:
            self._open.remove(entry)

    async def close_session(self, session: str) -> None:
        """Cut off the sockets of one session."""
        await self._close([entry for entry in self._open if entry.session == session])

    async def close_user(self, user: str, *, but: str | None = None) -> None:
        """Cut off all sockets of one person, but not those of the session *but*."""
        own = [entry for entry in self._open if entry.user == user]
        await self._close([entry for entry in own if but is None or entry.session != but])

    async def close_ended(self, has_ended: Callable[[str, str], bool]) -> None:
        """Cut off the sockets of sessions of which *has_ended* (of user and session) says so."""
        in_sessions = [entry for entry in self._open if entry.session is not None]
        await self._close([e for e in in_sessions if e.session is not None and has_ended(e.user, e.session)])

    async def close_all(self) -> None:
        """Cut everybody off: the program ends. They come back and resume."""
        await self._close(list(self._open))

    async def _close(self, entries: list[_Open]) -> None:
        async with asyncio.TaskGroup() as closing:
            for entry in entries:
                closing.create_task(entry.connection.close(), name=f"close-desk-{entry.user}")
