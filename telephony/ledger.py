"""Calls that no controller saw to their end: the dialplan lists them, here they get their record.

The list is ``<home>/asterisk/spool/unserved.csv``; its columns are ``dialplan.render.UNSERVED_FIELDS``. A
line becomes the entry ``call.unserved`` of its call, in a spool of its own (number 0), straight into
PostgreSQL: the spool on disk belongs to the controller. Reading a line twice changes nothing, so no place
is kept on disk. A list that has grown long is put aside, once all of it is stored, and a new one begun.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import orjson
import structlog

from dialplan.render import TRIES, UNSERVED_FIELDS
from storage import Pool
from telephony.archive import deposit
from telephony.asterisk import numbers
from telephony.encoding import MICROSECONDS
from telephony.entries import stream_of
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import CallId
from telephony.spool import Row

NOT_FROM_A_SPOOL = 0
MOST_AT_ONCE = 500
LONGEST = 1_000_000
"""Bytes, some 8,000 lines. Two lists are kept, so a worker that starts reads twice as much."""

REASONS = {
    "full": "all lines were in use; the caller heard so before the call was answered",
    "failed": "no controller took the call to its end; Asterisk alone said so and let the caller wait",
    "left": "the caller left before any controller saw the call",
    "emergency": "the disaster mode was on; the caller left during its announcement",
    "emergency-heard": "the disaster mode was on; the caller heard its announcement",
}

_OUTCOMES = {
    "left": Outcome.SHORT_ABANDONED,
    "emergency": Outcome.EMERGENCY,
    "emergency-heard": Outcome.EMERGENCY,
}

_COUNT = re.compile(r"\d{1,10}", re.ASCII)
_SECONDS = re.compile(r"\d{1,10}(\.\d{1,6})?", re.ASCII)
"""Epoch seconds have ten digits until the year 2286; the dialplan writes milliseconds behind them."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unserved:
    """One line. *arrived_at* and *ended_at* are seconds since 1970, by Asterisk's clock.

    *dialled* is None for a caller who left before the dialplan began.
    """

    call: CallId
    why: str
    arrived_at: float
    ended_at: float
    tries: int
    caller: str | None
    dialled: str | None
    sip_call_id: str


class BadLineError(ValueError):
    """A line that is none of the dialplan's."""


def parse(line: str) -> Unserved:
    """Read one line; its last three cells are percent-encoded. Raises `BadLineError`, which says why."""
    cells = line.split(",")
    if len(cells) != len(UNSERVED_FIELDS):
        raise BadLineError(f"has {len(cells)} columns instead of {len(UNSERVED_FIELDS)}")
    call, why, begun, ended, tries, caller, dialled, sip_call_id = cells
    if not call or why not in REASONS:
        raise BadLineError("names no call or no known reason")
    tries = tries or "0"  # nobody tried for a call that found all lines in use, or whose caller left at once
    if not (_SECONDS.fullmatch(begun) and _SECONDS.fullmatch(ended) and _COUNT.fullmatch(tries)):
        raise BadLineError("has no number where one belongs")
    return Unserved(
        call=CallId(call),
        why=why,
        arrived_at=float(begun),
        ended_at=float(ended),
        tries=int(tries),
        caller=numbers.caller(unquote(caller, errors="replace")),
        dialled=numbers.number(unquote(dialled, errors="replace")) or None,
        sip_call_id=numbers.clean(unquote(sip_call_id, errors="replace"), numbers.LONGEST_CALL_ID),
    )


def entry_row(unserved: Unserved) -> Row:
    """Return the line as the one entry of its stream."""
    given_up = unserved.why in {"full", "emergency-heard"} or unserved.tries > TRIES
    data = {
        "caller": unserved.caller,
        "dialled": unserved.dialled,
        "sip_call_id": unserved.sip_call_id,
        "arrived_at": unserved.arrived_at,
        "ended_by": EndedBy.SYSTEM if given_up else EndedBy.CALLER,
        "reason": REASONS[unserved.why],
        "outcome": _OUTCOMES.get(unserved.why, Outcome.FAILED),
    }
    at_us = round(unserved.ended_at * MICROSECONDS)
    return stream_of(unserved.call), 1, at_us, "call.unserved", orjson.dumps(data).decode()


class Ledger:
    """Follows the list as it grows, and the one that was put aside last."""

    def __init__(self, file: Path, pool: Pool, longest: int = LONGEST) -> None:
        self._file, self._aside = file, file.with_name(f"{file.name}.1")
        self._pool = pool
        self._longest = longest
        self._read_to = {self._file: 0, self._aside: 0}

    async def once(self) -> int:
        """Store the lines that came since the last time; return how many. Raises what `deposit` raises."""
        # The one put aside first: Asterisk may have been writing a line into it at that moment.
        stored = await self._store(self._aside) + await self._store(self._file)
        if self._read_to[self._file] > self._longest:
            self._put_aside()
        return stored

    async def _store(self, file: Path) -> int:
        lines, read_to = self._new_lines(file)
        rows = list(self._rows(lines))
        for start in range(0, len(rows), MOST_AT_ONCE):
            async with self._pool.acquire() as connection:
                await deposit(connection, NOT_FROM_A_SPOOL, rows[start : start + MOST_AT_ONCE])
        self._read_to[file] = read_to
        return len(rows)

    def _put_aside(self) -> None:
        """Begin a new list. The dialplan opens it by name for every line, so none is lost."""
        try:
            self._file.replace(self._aside)
        except OSError as error:
            log.warning("ledger.not_put_aside", file=str(self._file), reason=str(error))
            return
        self._read_to = {self._file: 0, self._aside: self._read_to[self._file]}

    def _new_lines(self, source: Path) -> tuple[list[str], int]:
        """Return the complete new lines and where they end; a shorter file than before was begun anew."""
        size = source.stat().st_size if source.exists() else 0
        start = self._read_to[source] if self._read_to[source] <= size else 0
        if size == start:
            return [], start
        with source.open("rb") as file:
            file.seek(start)
            complete, newline, _ = file.read().rpartition(b"\n")
        return complete.decode("utf-8", "replace").splitlines(), start + len(complete) + len(newline)

    def _rows(self, lines: list[str]) -> Iterator[Row]:
        for line in lines:
            try:
                yield entry_row(parse(line))
            except BadLineError as error:
                log.warning("ledger.bad_line", file=str(self._file), problem=str(error), line=line[:200])
