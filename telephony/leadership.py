"""One controller drives the calls; another one waits to take over.

Two locks. On one machine a lock on a file, which the kernel gives back the moment its holder dies, whatever
else is down. Between machines PostgreSQL's advisory lock. A leader who loses the database goes on: calls
matter more. Should two ever believe that they lead, Asterisk ends it: the application belongs to whoever
connected last, and the other one is told so and ends (docs/adr/0011-standby.md). Who stands by on another
machine than Asterisk's comes last, and never leads without the database (docs/adr/0031).
"""

import asyncio
import fcntl
import os
import time
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

HEAD_START_S = 5.0
"""So long nobody must have led before somebody leads from another machine. Beside Asterisk a controller
restarts, or another version takes over, in less, and has the journal; a leader that lost the database has its
lock back."""

FAR_POLL_S = 0.25
"""PostgreSQL tells nobody when a lock is free whom it does not let wait for it."""

STANDING_BY = "standing-by"
"""The file beside the lock's that says who waits for it."""

_SIGNS_OF_LIFE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
"""So that PostgreSQL notices within seconds that a machine with a leader has vanished."""

SQL = statements("leadership")
log = structlog.get_logger(__name__)


class Leadership:
    """The right to drive the calls. It ends with the process, or by `give_back`.

    *head_start_s*: for a controller on another machine than Asterisk's, how long those beside it come first.
    """

    def __init__(self, lock_file: Path, database: str, *, head_start_s: float | None = None) -> None:
        self._file = lock_file
        self._head_start_s = head_start_s
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
        if self._head_start_s is not None:
            await self._lead_from_afar(self._head_start_s)
            return
        try:
            if not await self._lock_database("try_lock"):
                self._say_so()
                log.info("leadership.another_machine_leads")
                await self._lock_database("wait_for_lock")
        except PASSING as error:
            log.warning("leadership.without_database", reason=repr(error))
        self._stands_by_no_more()

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

    async def _lead_from_afar(self, head_start_s: float) -> None:
        """Return with the lock when PostgreSQL has said for *head_start_s* that nobody has it."""
        self._say_so()
        log.info("leadership.stands_by_from_afar", head_start_s=head_start_s)
        free_since: float | None = None
        while True:
            free = await self._is_free()
            now = time.monotonic()
            free_since = (now if free_since is None else free_since) if free else None
            if free_since is not None and now - free_since >= head_start_s and await self._try():
                self._stands_by_no_more()
                return
            await asyncio.sleep(FAR_POLL_S)

    async def _is_free(self) -> bool:
        """Whether PostgreSQL says that nobody leads; without an answer nobody knows."""
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._connect("madoguchi-standby")
            held = await self._connection.fetchval(SQL["is_held"], KEY, timeout=CONNECT_S)
        except PASSING as error:
            log.info("leadership.without_database", reason=repr(error))
            if self._connection is not None:
                self._connection.terminate()
            return False
        return not held

    async def _try(self) -> bool:
        if self._connection is not None:
            self._connection.terminate()
        try:
            return await self._lock_database("try_lock")
        except PASSING as error:
            log.info("leadership.without_database", reason=repr(error))
            return False

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
        self._stands_by_no_more()

    def _stands_by_no_more(self) -> None:
        if stands_by(self._waiting_file) == os.getpid():
            self._waiting_file.unlink(missing_ok=True)

    def _say_so(self) -> None:
        try:
            self._waiting_file.write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:  # a full disk keeps nobody from taking over
            log.warning("leadership.not_told", reason=str(error))

    async def _lock_database(self, how: str) -> bool:
        self._connection = await self._connect("madoguchi-leader")
        got = bool(await self._connection.fetchval(SQL[how], KEY))
        if not got:
            self._connection.terminate()
        return got

    async def _connect(self, name: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(
            self._database,
            timeout=CONNECT_S,
            server_settings={"application_name": name, **_SIGNS_OF_LIFE},
        )


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
