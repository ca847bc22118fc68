"""Reads call records over the HTTP interface, as a supervisor of the centre would."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from madoguchi.demo.screen import Screen

SETTLED_S = 20.0
"""How long a record may take from the end of its call to the database, checksum of the recording included."""

ASK_EVERY_S = 0.25

Record = Mapping[str, Any]


async def settled(screen: Screen, sip_call_ids: Iterable[str], since: datetime) -> dict[str, Record]:
    """Return the records of these calls by SIP Call-ID, once all are complete or `SETTLED_S` has passed.

    There is no event for "written to the database" that one could wait for, so it asks again and again.
    """
    wanted = set(sip_call_ids)
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLED_S
    while True:
        found = await screen.get("/api/calls", {"since": since.isoformat()})
        records = {each["sip_call_id"]: each for each in found["calls"] if each["sip_call_id"] in wanted}
        if (records.keys() == wanted and all(map(_complete, records.values()))) or loop.time() > until:
            return records
        await asyncio.sleep(ASK_EVERY_S)


def _complete(record: Record) -> bool:
    recording = record["recording"]
    return record["ended_at"] is not None and (recording is None or recording["sha256"] is not None)
