"""Takes up the numbers that the rescue took while nobody drove the calls (``callback.number_left``).

They are read where they are durable first, in the rescue's own spool: so neither PostgreSQL nor the worker
has to live. The model makes promises of them; when those are durable, ``callback.taken_up`` goes behind the
number.
Killed in between, the next controller finds the promise in its journal and only writes what is missing.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import structlog

from telephony.entries import Entry, stream_of
from telephony.model.commands import Record, TakeUpNumber
from telephony.model.events import Event, NumberLeft
from telephony.model.ids import CallId, Instant
from telephony.ports import Journal
from telephony.recovery import Place, place
from telephony.spool import Spool

LOOK_EVERY_S = 1.0
"""The rescue is another process, and its spool a file: nothing tells that there is something new."""

LEFT, TAKEN_UP = "callback.number_left", "callback.taken_up"

log = structlog.get_logger(__name__)


class LeftNumbers:
    """The numbers in one spool.

    Args:
        file: the rescue's spool.
        journal: the controller's.
        unfinished: the journal's entries of calls that had not ended when this controller started.
        submit: takes an event to the model.
        now: the steady clock.
    """

    def __init__(
        self,
        file: Path,
        journal: Journal,
        unfinished: Mapping[CallId, Sequence[Entry]],
        submit: Callable[[Event], None],
        now: Callable[[], Instant],
    ) -> None:
        self._file, self._journal, self._submit, self._now = file, journal, submit, now
        self._places = {call: place(entries) for call, entries in unfinished.items()}
        self._taken: dict[CallId, TakeUpNumber] = {}
        self._spool: Spool | None = None

    async def run(self) -> None:
        """Look again and again until cancelled. A spool that cannot be used now is used later."""
        while True:
            try:
                await self.once()
            except (sqlite3.Error, OSError) as error:
                log.warning("left_numbers.spool", problem=str(error))
            await asyncio.sleep(LOOK_EVERY_S)

    async def once(self) -> None:
        """Take up what is open, and write down what was taken up. Raises `sqlite3.Error` and OSError."""
        for left in await asyncio.to_thread(self.open_numbers):
            if left.call not in self._taken:
                self._submit(left)
        if self._taken:
            await self._journal.flush()
            written = list(self._taken.values())
            await asyncio.to_thread(self._write, written)
            for each in written:
                del self._taken[each.call]
                log.info("callback.taken_up", call=each.call, callback=each.callback)

    def taken(self, command: TakeUpNumber) -> None:
        """Note the model's answer; `once` writes it down."""
        self._taken[command.call] = command

    def open_numbers(self) -> list[NumberLeft]:
        """Return the numbers that nobody took up, the first in line first. Reads the disk."""
        if self._spool is None:
            self._spool = Spool(self._file)
        calls = self._spool.unfinished()
        found = [self._event(call, entry) for call, entries in calls.items() for entry in _left(entries)]
        return sorted(found, key=lambda left: (-(left.priority or 0), left.since))

    def _event(self, call: CallId, entry: Entry) -> NumberLeft:
        data, known = entry.data, self._places.get(call, Place())
        arrived = data.get("arrived_at")
        return NumberLeft(
            call,
            number=data.get("number") or "",
            caller=data.get("caller"),
            dialled=known.dialled or data.get("dialled") or "",
            at=entry.at,
            since=known.since or Instant(arrived if arrived is not None else entry.at),
            queue=known.queue,
            priority=known.priority,
        )

    def _write(self, taken: Sequence[TakeUpNumber]) -> None:
        if self._spool is not None:
            self._spool.append([record for each in taken for record in _records(each, self._now())])


def _left(entries: Sequence[Entry]) -> Iterable[Entry]:
    return [entry for entry in entries if entry.kind == LEFT][:1]


def _records(taken: TakeUpNumber, now: Instant) -> Iterable[Record]:
    stream = stream_of(taken.call)
    if taken.case is not None:
        yield Record(stream, now, "case.opened", taken.case)
    yield Record(stream, now, TAKEN_UP, {"callback": taken.callback})
