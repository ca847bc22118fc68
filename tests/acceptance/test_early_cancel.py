"""Callers who hang up within milliseconds, while their call is on its way in: each has one record."""

import asyncio
import os
from datetime import datetime
from itertools import count

import stamina

from madoguchi.demo.phones import Call, Carrier
from madoguchi.demo.running import sip_address
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Json, Office
from tests.acceptance.storm.leftovers import NOTHING, leftovers

PAIRS = int(os.environ.get("EARLY_CANCELS", "120"))
LATEST_S = 0.010
"""The centre answers a call in about as long; before that lies everything that a CANCEL can meet."""

BESIDE = 3
"""So many callers at once: they get into each other's way, and the trunk is never full."""

LIMIT_S = 20.0
CLOCK_S = 2.0
"""Hundreds of calls a second are more than the centre is made for. The race storm judges times."""

LEFT = {"abandoned", "short_abandoned"}


async def test_who_hangs_up_at_once_has_one_record_that_says_so(floor_copy: Copy) -> None:
    carrier = Carrier(sip_address(floor_copy.running))
    turns = count()
    async with Office(floor_copy) as office:
        async with asyncio.timeout(LIMIT_S + PAIRS / BESIDE), asyncio.TaskGroup() as callers:
            for _ in range(BESIDE):
                callers.create_task(_callers(floor_copy, carrier, turns), name="one caller after the other")
        await carrier.close()
        records = await office.records(*(call.call_id for call in carrier.calls))
    assert PAIRS == len(records)
    untrue = [found for call in carrier.calls if (found := _untrue(call, records[call.call_id]))]
    assert not untrue, "\n".join(untrue[:5])
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=20, wait_max=0.5):
        with attempt:
            assert leftovers(floor_copy.running["asterisk"]["cli"]) == NOTHING


async def _callers(copy: Copy, carrier: Carrier, turns: "count[int]") -> None:
    """Place one call after the other, each with a little more time before its hangup."""
    for turn in turns:
        if turn >= PAIRS:
            return
        call = carrier.call(copy.running["trunk"]["number"], caller=f"0903{turn:07}", sound=False)
        await asyncio.sleep(LATEST_S * turn / PAIRS)
        call.leave()
        await call.over.wait()


def _untrue(call: Call, record: Json) -> str | None:
    """Return what the record of a caller who hung up at once should not say."""
    assert call.times.invited is not None
    assert call.times.ended is not None
    late_start = datetime.fromisoformat(record["started_at"]).timestamp() - call.times.invited
    late_end = datetime.fromisoformat(record["ended_at"]).timestamp() - call.times.ended
    right = (
        record["outcome"] in LEFT
        and record["ended_by"] == "caller"
        and record["dialled"] == "+81120100300"
        and str(record["caller"]).startswith("+81903")
        and max(abs(late_start), abs(late_end)) < CLOCK_S
    )
    return None if right else f"{late_start:+.3f} s, {late_end:+.3f} s: {record}"
