"""What was: records, timelines, and what a caller's earlier calls tell. Reads PostgreSQL, never writes.

Those that stand on a call's path (the screen-pop, the sticky operator) give up after a second; the call
goes on without them. Every function raises TimeoutError, or one of ``storage.PASSING`` when the database is
away.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import asyncpg

from storage import Pool, statements
from telephony.archive import entry_of
from telephony.entries import Entry, stream_of
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.queue_log import LOGGED_OUT, agent_lines, call_lines
from telephony.record import JST, CallRecord, OfferRecord, RecordingRecord, iso

SQL = statements("history")
ON_CALL_PATH_S = 1.0
READING_S = 20.0
EXPORT_S = 300.0


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """An earlier call of the same number, as the screen-pop shows it."""

    id: CallId
    at: datetime
    outcome: str
    queue: QueueName | None
    agent: AgentName | None
    disposition: str | None

    def as_json(self) -> dict[str, Any]:
        """Return plain values; *at* is ISO 8601 in JST."""
        return {
            "id": self.id,
            "at": iso(self.at),
            "outcome": self.outcome,
            "queue": self.queue,
            "agent": self.agent,
            "disposition": self.disposition,
        }


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """What the records know of one number: its latest calls, newest first, and the last operator."""

    calls: tuple[EarlierCall, ...]
    last_agent: AgentName | None


async def calls(  # noqa: PLR0913 - one keyword for each filter of the command line
    pool: Pool,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    agent: AgentName | None = None,
    outcome: str | None = None,
    most: int = 1_000,
) -> list[CallRecord]:
    """Return the records of calls that began from *since* to before *until*, newest first."""
    async with asyncio.timeout(READING_S):
        rows = await pool.fetch(SQL["calls"], since, until, agent, outcome, most)
    return [_record(row) for row in rows]


async def call(pool: Pool, call_id: CallId) -> CallRecord | None:
    """Return one record, or None for a call that has not ended or never was."""
    async with asyncio.timeout(READING_S):
        row = await pool.fetchrow(SQL["call"], call_id)
    return None if row is None else _record(row)


async def timeline(pool: Pool, call_id: CallId) -> list[Entry]:
    """Return everything the journal has of one call, in order; empty for a call that never was."""
    async with asyncio.timeout(READING_S):
        rows = await pool.fetch(SQL["timeline"], stream_of(call_id))
    return [entry_of(row) for row in rows]


async def of_caller(pool: Pool, caller: str, not_before: datetime, most: int = 5) -> KnownCaller:
    """Return the latest *most* ended calls of *caller*, and who last spoke to them.

    The latter (the sticky operator) only in a call that began at *not_before* or later.
    """
    async with asyncio.timeout(ON_CALL_PATH_S):
        rows = await pool.fetch(SQL["of_caller"], caller, most, not_before)
    return KnownCaller(tuple(_earlier(row) for row in rows), rows[0]["last_agent"] if rows else None)


def _earlier(row: asyncpg.Record) -> EarlierCall:
    return EarlierCall(
        id=CallId(row["id"]),
        at=row["started_at"].astimezone(JST),
        outcome=row["outcome"],
        queue=row["queue"],
        agent=row["agent"],
        disposition=row["disposition"],
    )


async def queue_log(
    pool: Pool, since: datetime, until: datetime, queues_of: Mapping[AgentName, Sequence[QueueName]]
) -> list[str]:
    """Return Asterisk's ``queue_log`` of calls that arrived from *since* to before *until*, in time order.

    *queues_of* names the queues that each operator serves.
    """
    async with asyncio.timeout(EXPORT_S), pool.acquire() as connection:
        of_calls = await connection.fetch(SQL["journals_of_calls"], since, until)
        of_agents = await connection.fetch(SQL["journals_of_agents"], since, until)
        before = await connection.fetch(SQL["agents_before"], since)
    states = {row["stream"]: str(row["data"].get("state")) for row in before}
    lines = [line for entries in _by_stream(of_calls) for line in call_lines(entries)]
    for entries in _by_stream(of_agents):
        lines += agent_lines(entries, queues_of, states.get(entries[0].stream, LOGGED_OUT))
    return [str(line) for line in sorted(lines, key=attrgetter("at"))]


def _by_stream(rows: Iterable[asyncpg.Record]) -> Iterator[list[Entry]]:
    for _, of_stream in groupby(rows, itemgetter("stream")):
        yield [entry_of(row) for row in of_stream]


def _record(row: asyncpg.Record) -> CallRecord:
    return CallRecord(
        id=CallId(row["id"]),
        started_at=row["started_at"].astimezone(JST),
        sip_call_id=row["sip_call_id"],
        caller=row["caller"],
        dialled=row["dialled"],
        answered_at=_in_japan(row["answered_at"]),
        connected_at=_in_japan(row["connected_at"]),
        ended_at=_in_japan(row["ended_at"]),
        outcome=row["outcome"],
        ended_by=row["ended_by"],
        reason=row["reason"],
        queue=row["queue"],
        menu_path=tuple(row["menu_path"]),
        agent=row["agent"],
        waited_s=row["waited_s"],
        talked_s=row["talked_s"],
        held_s=row["held_s"],
        acw_s=row["acw_s"],
        offers=_offers(row["offers"]),
        disposition=row["disposition"],
        recording=_recording(row),
        reservations=tuple(row["reservations"]),
        recovered=row["recovered"],
        direction=row["direction"],
        callback=row["callback"],
        callback_of=row["callback_of"],
        attempts=row["attempts"],
        outreach=row["outreach"],
    )


def _offers(stored: Sequence[dict[str, Any]]) -> tuple[OfferRecord, ...]:
    return tuple(
        OfferRecord(
            AgentName(offer["agent"]), datetime.fromisoformat(offer["at"]).astimezone(JST), offer["result"]
        )
        for offer in stored
    )


def _recording(row: asyncpg.Record) -> RecordingRecord | None:
    return None if row["file"] is None else RecordingRecord(row["file"], row["sha256"], row["seconds"])


def _in_japan(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(JST)
