"""Takes entries from everywhere in the program, makes them durable on this machine, and carries them over.

`note` costs its caller one append to a queue: what a call needs never waits. `settled` waits until everything
noted before is on the disk: answers over HTTP go out after that. `run` carries the spool to PostgreSQL.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from agents.audit.entry import Entry
from agents.audit.spool import Head, Spool
from agents.audit.table import AuditTable
from agents.ports import Unavailable
from telephony.batches import Batches

GATHER_S = 0.25
"""How long an entry that nobody waits for may wait for others that share its commit (0.4 ms)."""

CARRY_EVERY_S = 1.0
RETRY_S = 2.0
MOST_AT_ONCE = 500
MEMORY_BOUND = 20_000
"""Entries kept in memory while the disk is full; with more the newest are lost, and told."""

CLOSING_LIMIT_S = 10.0
SETTLE_LIMIT_S = 5.0

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class Trail:
    """The trail of one process. Raises `sqlite3.Error` or OSError when the spool cannot be opened."""

    def __init__(self, file: Path, table: AuditTable) -> None:
        self.table = table
        self._file = file
        self._batches: Batches[Entry] = Batches(GATHER_S, MOST_AT_ONCE)
        self._closing = threading.Event()
        self._spool = Spool(file)
        self._carrying = Spool(file)
        self._one_carrier = asyncio.Lock()
        self.stuck = False
        """Whether the disk takes nothing at the moment."""
        self._thread = threading.Thread(target=self._write, name="audit", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> None:
        """Queue *entry*. Never blocks and never raises."""
        if len(self._batches) < MEMORY_BOUND and not self._closing.is_set():
            self._batches.put(entry)
        else:
            log.error("audit.lost", what=entry.what, object=entry.object, who=entry.who)

    async def settled(self) -> None:
        """Return when everything noted before is on the disk. Raises `Unavailable`."""
        try:
            await asyncio.wait_for(self._batches.all_written(), SETTLE_LIMIT_S)
        except TimeoutError:
            raise Unavailable("The audit trail cannot be written; the disk may be full.") from None

    async def depth(self) -> int:
        """Return how many entries wait for PostgreSQL."""
        return await asyncio.to_thread(self._read, Spool.depth)

    async def head(self) -> Head | None:
        """Return the last link that this machine has seen in PostgreSQL."""
        return await asyncio.to_thread(self._read, Spool.head)

    async def run(self) -> None:
        """Carry entries over until cancelled."""
        while True:
            try:
                while await self.carry():
                    pass
            except (Unavailable, sqlite3.Error) as error:
                log.warning("audit.not_carried", reason=str(error))
                await asyncio.sleep(RETRY_S)
            await asyncio.sleep(CARRY_EVERY_S)

    async def carry(self) -> int:
        """Carry one batch to PostgreSQL and return its size. Raises `Unavailable` or `sqlite3.Error`.

        Killed in between, the batch is carried again, and what is there already is recognised by its id.
        """
        async with self._one_carrier:
            batch = await asyncio.to_thread(self._carrying.waiting, MOST_AT_ONCE)
            if batch.rows:
                head = await self.table.add(batch.rows)
                await asyncio.to_thread(self._carrying.acknowledge, batch.upto, head)
            return len(batch.rows)

    async def carry_all(self) -> None:
        """Carry over everything that was noted before. Raises `Unavailable` or `sqlite3.Error`."""
        await self.settled()
        while await self.carry():
            pass

    async def close(self) -> None:
        """Write what is queued, then stop."""
        self._closing.set()
        self._batches.end()
        await asyncio.to_thread(self._thread.join, CLOSING_LIMIT_S)
        self._carrying.close()

    def _read(self, question: Callable[[Spool], Answer]) -> Answer:
        spool = Spool(self._file)
        try:
            return question(spool)
        finally:
            spool.close()

    # --- in the trail's thread ---

    def _write(self) -> None:
        for batch in self._batches:
            self._commit(batch.items)
        self._spool.close()

    def _commit(self, entries: list[Entry]) -> None:
        while entries:
            try:
                self._spool.append(entries)
            except sqlite3.Error as error:
                if not self.stuck:
                    log.error("audit.stuck", file=str(self._file), reason=str(error))
                self.stuck = True
                if self._closing.wait(RETRY_S):
                    log.error("audit.lost_at_the_end", entries=len(entries))
                    return
            else:
                self.stuck = False
                return
