"""Puts entries into PostgreSQL for good, and with them the records of calls that ended, and new cases.

One transaction, idempotent by (stream, spool, seq): a batch that was committed and not acknowledged comes
again and changes nothing. A call's record is the fold of the call's whole journal, so what comes late
(after-call work, a disposition) updates it. Calls that have not ended have no record yet.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import asyncpg

from storage import Connection, statements
from telephony.entries import CALL, Entry
from telephony.model.ids import Instant
from telephony.record import CallRecord, fold
from telephony.spool import Row

SQL = statements("journal")
INCOMING = ("stream", "seq", "at_us", "kind", "data")


async def deposit(connection: Connection, spool: int, rows: Sequence[Row]) -> None:
    """Store *rows*, numbered by the spool that was begun at *spool* (milliseconds since 1970).

    Raises what asyncpg raises; then nothing was stored, or all was (the answer to the commit was lost).
    """
    await connection.execute("SET client_min_messages = warning")  # "incoming" is usually there already
    await connection.execute(SQL["create_incoming"])
    async with connection.transaction():
        await connection.execute(SQL["lock_deposits"])
        await connection.copy_records_to_table("incoming", records=rows, columns=INCOMING)
        await connection.execute(SQL["take_incoming"], spool)
        await connection.execute(SQL["open_cases"], spool)
        calls = sorted({row[0] for row in rows if row[0].startswith(CALL)})
        await _put(connection, await _fold_ended(connection, calls))


async def _fold_ended(connection: Connection, calls: Sequence[str]) -> list[CallRecord]:
    found = await connection.fetch(SQL["journals_of_ended_calls"], calls)
    entries = (entry_of(row) for row in found)
    records = (fold(of_call) for _, of_call in groupby(entries, attrgetter("stream")))
    return [record for record in records if record.was_placed]


def entry_of(row: "asyncpg.Record") -> Entry:
    """Return a row of the journal as an entry."""
    return Entry(row["stream"], row["seq"], Instant(row["at"].timestamp()), row["kind"], row["data"])


async def _put(connection: Connection, records: Sequence[CallRecord]) -> None:
    if not records:
        return
    await connection.executemany(SQL["put_call"], [_columns(record) for record in records])
    files = [(record.id, record.recording.file) for record in records if record.recording]
    await connection.executemany(SQL["put_recording"], files)


def _columns(record: CallRecord) -> tuple[Any, ...]:
    return (
        record.id,
        record.sip_call_id,
        record.caller,
        record.dialled,
        record.started_at,
        record.answered_at,
        record.connected_at,
        record.ended_at,
        record.outcome,
        record.ended_by,
        record.reason,
        record.queue,
        record.menu_path,
        record.agent,
        record.waited_s,
        record.talked_s,
        record.held_s,
        record.acw_s,
        [offer.as_json() for offer in record.offers],
        record.disposition,
        record.reservations,
        record.recovered,
        record.direction,
        record.callback,
        record.callback_of,
        record.attempts,
        record.outreach,
    )
