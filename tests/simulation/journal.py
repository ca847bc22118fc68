"""The journal's double: a disk that has every fact as soon as it is written, as `telephony.tail` has it.

Entries go through the same encoding. ``test_journal.py`` beside this file holds it against the real one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import orjson

from telephony.encoding import MICROSECONDS, batch, encode
from telephony.entries import AGENT, Entry, call_of
from telephony.model.commands import Record
from telephony.model.ids import AgentName, CallId, Instant

ENDED = "call.ended"


class Disk:
    """What outlives every controller: entries by stream, in order."""

    def __init__(self) -> None:
        self.streams: defaultdict[str, list[Entry]] = defaultdict(list)

    def append(self, records: Sequence[Record]) -> None:
        """Commit *records*."""
        for stream, at_us, kind, data in orjson.loads(batch(map(encode, records))):
            entries = self.streams[stream]
            entries.append(Entry(stream, len(entries) + 1, Instant(at_us / MICROSECONDS), kind, data))

    def unfinished(self) -> Mapping[CallId, tuple[Entry, ...]]:
        """Return the entries of every call that has not ended."""
        return {
            call: tuple(entries)
            for stream, entries in self.streams.items()
            if (call := call_of(stream)) and not any(entry.kind == ENDED for entry in entries)
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
        self._dead = False

    def write(self, *records: Record) -> None:
        """Put *records* where a kill cannot reach them."""
        if not self._dead:
            self._disk.append(records)

    def die(self) -> None:
        """Write nothing any more."""
        self._dead = True
