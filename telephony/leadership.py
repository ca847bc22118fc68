"""One controller drives the calls; another one waits to take over.

Two locks. On one machine a lock on a file, which the kernel gives back the moment its holder dies, whatever
else is down. Between machines PostgreSQL's advisory lock. A leader who loses the database goes on: calls
matter more. Should two ever believe that they lead, Asterisk ends it: the application belongs to whoever
connected last, and the other one is told so and ends (docs/adr/0011-standby.md).
"""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import IO

import asyncpg
import structlog

from storage import PASSING, statements

KEY = 5_208_172_904_411_363
"""The advisory lock of the controllers of one database; any number that nothing else uses."""

POLL_S = 0.05
"""flock(2) tells nobody when a lock is free."""

CONNECT_S = 1.0
"""A database that takes longer to be reached counts as down: callers are waiting."""

AGAIN_S = 1.0
STANDING_BY = "standing-by"
"""The file beside the lock's that says who waits for it."""

_SIGNS_OF_LIFE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
"""So that PostgreSQL notices within seconds that a machine with a leader has vanished."""

SQL = statements("leadership")
log = structlog.get_logger(__name__)


class Leadership:
    """The right to drive the calls. It ends with the process, or by `give_back`."""

    def __init__(self, lock_file: Path, database: str) -> None:
        self._file = lock_file
        self._waiting_file = lock_file.with_name(STANDING_BY)
        self._database = database
        self._held: IO[str] | None = None
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    @property
    def has_database(self) -> bool:
        """Whether PostgreSQL's lock is held, so that it can be asked more."""
        return self._connection is not None and not self._connection.is_closed()

    async def take(self) -> None:
        """Return when this process leads, standing by until then. Raises OSError if there is no file."""
        await self._lock_machine()
        try:
            await self._lock_database("wait_for_lock")
        except PASSING as error:
            log.warning("leadership.without_database", reason=repr(error))

    async def keep(self) -> None:
        """Get the database's lock back whenever it was lost, until cancelled."""
        while True:
            if self._connection is None or self._connection.is_closed():
                await self._regain()
            await asyncio.sleep(AGAIN_S)

    def give_back(self) -> None:
        """Let another one lead. Everything that this process had to write must be written."""
        if self._connection is not None:
            self._connection.terminate()
        if self._held is not None:
            self._held.close()

    async def _regain(self) -> None:
        try:
            if not await self._lock_database("try_lock"):
                log.error("leadership.contested", message="Another controller holds the lock; calls go on.")
        except PASSING as error:
            log.info("leadership.without_database", reason=repr(error))

    async def _lock_machine(self) -> None:
        self._held = self._file.open("a")
        standing_by = False
        while not _locked(self._held):
            if not standing_by:
                self._say_so()
                log.info("leadership.stands_by")
            standing_by = True
            await asyncio.sleep(POLL_S)
        if stands_by(self._waiting_file) == os.getpid():
            self._waiting_file.unlink(missing_ok=True)

    def _say_so(self) -> None:
        try:
            self._waiting_file.write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:  # a full disk keeps nobody from taking over
            log.warning("leadership.not_told", reason=str(error))

    async def _lock_database(self, how: str) -> bool:
        self._connection = await asyncpg.connect(
            self._database,
            timeout=CONNECT_S,
            server_settings={"application_name": "madoguchi-leader", **_SIGNS_OF_LIFE},
        )
        got = bool(await self._connection.fetchval(SQL[how], KEY))
        if not got:
            self._connection.terminate()
        return got


def stands_by(file: Path) -> int | None:
    """Return the process id of who waits for the lock, or waited when it died; None if nobody does."""
    try:
        return int(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
