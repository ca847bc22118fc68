"""What a controller on another machine left: open calls and operators' states, read from PostgreSQL.

The spool of this machine is the truth about everything that this machine's controllers drove, and needs no
database. Of what another machine's controller drove it knows nothing; its worker carried that over, but for
the last moment. A call that began here may have gone on there, and ended. Asterisk has the rest: who is up
there is adopted (``telephony.recovery``).
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter

import structlog

from storage import PASSING, Pool, statements
from telephony.archive import entry_of
from telephony.entries import AGENT, Entry, call_of, stream_of
from telephony.journal import Journal
from telephony.model.ids import AgentName, CallId

SQL = statements("elsewhere")

PATIENCE_S = 1.0
"""Callers are waiting: without an answer by then, this machine's spool is all there is."""

OLDEST = timedelta(days=7)
"""A promise to call back lives for days; nothing that is older is still up."""

log = structlog.get_logger(__name__)


async def open_calls(pool: "Pool | None", journal: Journal) -> Mapping[CallId, tuple[Entry, ...]]:
    """Return the entries of calls that have not ended and of which *journal* knows nothing.

    Without a *pool*, or when it does not answer, there are none.
    """
    if pool is None:
        return {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            rows = await pool.fetch(SQL["open_calls"], datetime.now(UTC) - OLDEST)
    except PASSING as error:
        log.warning("elsewhere.unknown", reason=repr(error))
        return {}
    found = {stream: tuple(of) for stream, of in groupby(map(entry_of, rows), attrgetter("stream"))}
    for stream in await journal.known(list(found)):
        del found[stream]
    if found:
        log.info("elsewhere.open_calls", calls=len(found))
    return {call: entries for stream, entries in found.items() if (call := call_of(stream)) is not None}


async def continued(
    pool: "Pool | None", journal: Journal, ours: Mapping[CallId, tuple[Entry, ...]]
) -> Mapping[CallId, tuple[Entry, ...]]:
    """Return *ours*, the open calls of this machine's spool, with what another machine wrote of them since.

    A callback that was kept there is not made again here. Without a *pool*, or when it does not answer, it is
    *ours*.
    """
    if pool is None or not ours:
        return ours
    try:
        async with asyncio.timeout(PATIENCE_S):
            rows = await pool.fetch(SQL["continued"], [stream_of(call) for call in ours], journal.begun_ms)
    except PASSING as error:
        log.warning("elsewhere.unknown", reason=repr(error))
        return ours
    theirs = {stream: tuple(of) for stream, of in groupby(map(entry_of, rows), attrgetter("stream"))}
    return {
        call: tuple(merge(entries, theirs.get(stream_of(call), ()), key=attrgetter("at")))
        for call, entries in ours.items()
    }


async def latest_of_agents(pool: "Pool | None", journal: Journal) -> Mapping[AgentName, Entry]:
    """Return the last state of every operator: of *journal*'s and another machine's the later one.

    Without a *pool*, or when it does not answer, it is *journal*'s.
    """
    ours = await journal.latest_of_agents()
    if pool is None:
        return ours
    try:
        async with asyncio.timeout(PATIENCE_S):
            rows = await pool.fetch(SQL["duty"], journal.begun_ms)
    except PASSING as error:
        log.warning("elsewhere.unknown", reason=repr(error))
        return ours
    theirs = {AgentName(row["stream"].removeprefix(AGENT)): entry_of(row) for row in rows}
    return {**theirs, **{name: ours[name] for name in ours if not _is_later(theirs.get(name), ours[name])}}


def _is_later(theirs: Entry | None, ours: Entry) -> bool:
    return theirs is not None and theirs.at > ours.at
