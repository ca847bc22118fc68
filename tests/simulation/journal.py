"""The journal's double: a disk that keeps what was committed, and loses what ``kill -9`` loses.

Facts are gathered and committed as `telephony.journal` does it (`GATHER_S`, and at once for what hurries);
entries go through the same encoding. ``test_journal.py`` beside this file holds it against the real one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping

import orjson

from telephony.encoding import MICROSECONDS, encode_batch
from telephony.entries import AGENT, Entry, call_of
from telephony.journal import GATHER_S, HURRIED
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, Instant

COMMIT_S = 0.0005


class Disk:
    """What outlives every controller: entries by stream, in order."""

    def __init__(self) -> None:
        self.streams: defaultdict[str, list[Entry]] = defaultdict(list)

    def append(self, records: list[Record]) -> None:
        """Commit *records*."""
        for stream, at_us, kind, data in orjson.loads(encode_batch(records)):
            entries = self.streams[stream]
            entries.append(Entry(stream, len(entries) + 1, Instant(at_us / MICROSECONDS), kind, data))

    def unfinished(self) -> Mapping[CallId, tuple[Entry, ...]]:
        """Return the entries of every call that has not ended."""
        return {
            call: tuple(entries)
            for stream, entries in self.streams.items()
            if (call := call_of(stream)) and not any(entry.kind == HURRIED for entry in entries)
        }

    def latest_of_agents(self) -> Mapping[AgentName, Entry]:
        """Return the last entry of every operator's stream."""
        return {
            AgentName(stream.removeprefix(AGENT)): entries[-1]
            for stream, entries in self.streams.items()
            if stream.startswith(AGENT)
        }


class SimulatedJournal:
    """The journal of one controller."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._gathered: list[Record] = []
        self._commit: asyncio.TimerHandle | None = None
        self._dead = False

    def write(self, record: Record) -> None:
        """Queue *record* for its stream."""
        if self._dead:
            return
        self._gathered.append(record)
        if record.kind == HURRIED:
            self._commit_in(COMMIT_S)
        elif self._commit is None:
            self._commit_in(GATHER_S)

    def flush(self) -> None:
        """Commit everything that was written."""
        if self._commit is not None:
            self._commit.cancel()
            self._commit = None
        if self._gathered:
            self._disk.append(self._gathered)
            self._gathered = []

    def die(self) -> None:
        """Lose what was not committed."""
        self._dead = True
        self._gathered = []
        if self._commit is not None:
            self._commit.cancel()

    def _commit_in(self, seconds: float) -> None:
        if self._commit is not None:
            self._commit.cancel()
        self._commit = asyncio.get_running_loop().call_later(seconds, self.flush)
