"""Writes facts into the spool from a thread of its own, so that no call ever waits for a disk.

`Journal.write` keeps the fact in the tail (a file that survives this process) and queues it. The thread
gathers what came within a moment and commits it at once. A full disk stops the commits, not the calls:
entries wait in memory, up to a bound, and are written when there is space. This file knows nothing of
PostgreSQL (see ``telephony.drain``).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from telephony.batches import Batches
from telephony.encoding import encode
from telephony.entries import Entry
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.spool import Mark, Spool
from telephony.tail import Tail, replay

GATHER_S = 0.2
"""How long a fact may wait for others that share its commit; as long it can be lost when the machine dies. A
commit costs 0.4 ms of processor time whatever it holds, and twice that where calls are far between."""

MOST_AT_ONCE = 5_000
RETRY_S = 1.0
MEMORY_BOUND = 100_000
"""Entries kept while the disk is full: some 5,000 calls, about 60 MB."""

CLOSING_LIMIT_S = 10.0

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class Trouble(StrEnum):
    """What the journal reports of itself; each is told once until it is over."""

    STUCK = "journal.stuck"
    WRITES_AGAIN = "journal.writes_again"
    LOSES = "journal.loses"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that operations must know, as one sentence."""

    trouble: Trouble
    message: str


def log_alarm(alarm: Alarm) -> None:
    """Write the alarm into the process's log."""
    level = log.info if alarm.trouble is Trouble.WRITES_AGAIN else log.error
    level(alarm.trouble.value, message=alarm.message)


class Journal:
    """The `telephony.ports.Journal` of a running centre.

    *alarm* is called from the journal's thread or from the writer's; it must not block. *begun_ms* is the
    birth of the spool, by which PostgreSQL knows it. Raises `sqlite3.Error` or OSError when it cannot be
    opened at all.
    """

    def __init__(
        self, file: Path, *, alarm: Callable[[Alarm], None] = log_alarm, memory_bound: int = MEMORY_BOUND
    ) -> None:
        self._file = file
        self._alarm = alarm
        self._bound = memory_bound
        self._batches: Batches[tuple[list[bytes], Mark]] = Batches(GATHER_S, MOST_AT_ONCE)
        self._lost = 0
        self._closing = threading.Event()
        self._spool = Spool(file)
        self.begun_ms = self._spool.begun_ms
        replayed = replay(file, self._spool)
        if replayed:
            log.info("journal.replayed", entries=replayed)
        self._tail = Tail(file)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, *records: Record) -> None:
        """Queue *records* for their streams, in order; the death of this process does not lose them then.

        Never waits for a disk and never raises.
        """
        if len(self._batches) < self._bound and not self._closing.is_set():
            entries = [encode(record) for record in records]
            self._batches.put((entries, self._tail.write(entries)))
        else:
            self._lose(records)

    async def flush(self) -> None:
        """Return when everything written before is durable."""
        await self._batches.all_written()

    async def unfinished(self) -> Mapping[CallId, tuple[Entry, ...]]:
        """Return the entries of every call that has not ended, for recovery."""
        return await asyncio.to_thread(self._read, Spool.unfinished)

    async def known(self, streams: Sequence[str]) -> set[str]:
        """Return those of *streams* of which this machine's spool has, or had, entries."""
        return await asyncio.to_thread(self._read, partial(Spool.known, streams=streams))

    async def latest_of_agents(self) -> Mapping[AgentName, Entry]:
        """Return the last known state of every operator, for recovery."""
        return await asyncio.to_thread(self._read, Spool.latest_of_agents)

    async def latest_of_queues(self) -> Mapping[QueueName, Entry]:
        """Return the last known measures of every queue, for recovery."""
        return await asyncio.to_thread(self._read, Spool.latest_of_queues)

    async def depth(self) -> int:
        """Return how many durable entries wait for PostgreSQL."""
        return await asyncio.to_thread(self._read, Spool.depth)

    async def close(self) -> None:
        """Write what is queued, then stop. What a full disk still keeps back is lost, and told."""
        self._closing.set()
        self._batches.end()
        await asyncio.to_thread(self._thread.join, CLOSING_LIMIT_S)

    def _read(self, question: Callable[[Spool], Answer]) -> Answer:
        spool = Spool(self._file)
        try:
            return question(spool)
        finally:
            spool.close()

    def _lose(self, records: Sequence[Record]) -> None:
        if self._lost == 0:
            where = "is closed" if self._closing.is_set() else f"holds {self._bound} entries in memory"
            self._alarm(
                Alarm(Trouble.LOSES, f"The journal {where}; {records[0].kind} and later entries are lost.")
            )
        self._lost += len(records)

    # --- in the journal's thread ---

    def _run(self) -> None:
        try:
            for batch in self._batches:
                if batch.items:
                    self._commit(batch.items)
            self._tail.remove()
        finally:
            # Whatever ended this thread, later facts are refused and told, not queued for nobody.
            self._closing.set()
            self._spool.close()

    def _commit(self, written: Sequence[tuple[list[bytes], Mark]]) -> None:
        entries = [entry for kept, _ in written for entry in kept]
        upto = written[-1][1]
        stuck = False
        while error := self._failure(entries, upto):
            if not stuck:
                self._alarm(
                    Alarm(Trouble.STUCK, f"The journal cannot write {self._file}: {error}. Make room.")
                )
            stuck = True
            self._closing.wait(RETRY_S)
        self._tail.committed(upto)
        if stuck:
            self._alarm(
                Alarm(Trouble.WRITES_AGAIN, f"The journal writes again; {self._lost} entries were lost.")
            )
            self._lost = 0

    def _failure(self, entries: list[bytes], upto: Mark) -> sqlite3.Error | None:
        """Commit, and return why not. Raises it while the journal closes: nobody would try again."""
        closing = self._closing.is_set()
        try:
            self._spool.append_encoded(entries, upto)
        except sqlite3.Error as error:
            if closing:
                raise
            return error
        return None
