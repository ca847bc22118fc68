"""Whatever dies, no caller pays for it: processes are killed with -9 in mid-call, and come back."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest
import stamina

from madoguchi.demo.phones import Call, EndedBy, Ring, tones
from tests.acceptance.copy import Copy
from tests.acceptance.floor.shift import Shift, within

CALLER_HZ, OPERATOR_HZ = 1_000, 440
BACK_S = 60.0


def kill(copy: Copy, process: str) -> int:
    """End *process* as an out-of-memory killer does; return the process id that is gone."""
    pid = copy.running["processes"][process]
    os.kill(pid, signal.SIGKILL)
    return pid


async def back(copy: Copy, process: str, before: int) -> None:
    """Wait until *process* runs again under another process id."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=BACK_S, wait_max=0.1
    ):
        with attempt:
            assert copy.running["processes"].get(process, before) != before


async def hear_each_other(call: Call, ring: Ring) -> None:
    """Both speak with their tones; each must hear nothing but the other's."""
    call.say(CALLER_HZ)
    ring.say(OPERATOR_HZ)
    assert call.sound is not None
    assert ring.sound is not None
    async with asyncio.timeout(5):
        await asyncio.gather(call.sound.listen(0.3), ring.sound.listen(0.3))
        by_caller, by_operator = await asyncio.gather(call.sound.listen(0.3), ring.sound.listen(0.3))
    assert tones.share_of_tone(by_caller, OPERATOR_HZ) > 0.8
    assert tones.share_of_tone(by_operator, CALLER_HZ) > 0.8


async def waiting(shift: Shift, count: int, *, limit_s: float = 20) -> list[Any]:
    """Wait until *count* callers stand in line; return them, who came first first."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=limit_s, wait_max=0.2
    ):
        with attempt:
            live = await shift.office.live()
            standing = [call for call in live if call["state"] == "waiting"]
            assert count == len(standing), [(call["caller"], call["state"], call["agent"]) for call in live]
    return sorted(standing, key=lambda call: str(call["waiting_since"]))


async def test_the_controller_dies_and_no_caller_loses_anything(shift: Shift, floor_copy: Copy) -> None:
    await shift.seat("abe")
    await shift.seat("baba")
    talks = []
    for n in range(2):
        call = shift.call(f"0904444000{n}", keys="1")
        name, ring = await _first_ring(shift, "abe", "baba")
        ring.answer()
        talks.append((name, call, ring))
        await within(ring.answered)
    lined_up = []
    for n in range(4):
        lined_up.append(shift.call(f"0904444001{n}", keys="1"))
        await waiting(shift, n + 1)
        lined_up[-1].say(CALLER_HZ)
    before = await waiting(shift, 4)
    assert lined_up[-1].sound is not None
    await lined_up[-1].sound.listen(0.5)  # the journal gathers facts for 0.1 s before it makes them durable

    pid = kill(floor_copy, "controller")
    await asyncio.gather(*(hear_each_other(call, ring) for _, call, ring in talks))
    late = shift.call("09044440020", keys="1")
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await asyncio.gather(*(hear_each_other(call, ring) for _, call, ring in talks))
    after = await waiting(shift, 4)
    assert _places(before) == _places(after)

    served = []
    name, call, ring = talks[0]
    for _ in range(4):  # one operator frees; the four are served in their order
        ring.hang_up()
        await within(ring.over)
        async with asyncio.timeout(20):
            ring = await shift.phones[name].next_ring()
        ring.answer()
        assert ring.sound is not None
        async with asyncio.timeout(5):
            await ring.sound.listen(0.1)
        served.append(ring.caller.replace("+81", "0"))
    assert [f"0904444001{n}" for n in range(4)] == served
    await waiting(shift, 1)  # who called meanwhile was fetched
    late.leave()
    ring.hang_up()
    talks[1][2].hang_up()
    await asyncio.gather(*(within(call.over) for call in [*lined_up, late, talks[1][1]]))

    calls = [*(call for _, call, _ in talks), *lined_up, late]
    records = await shift.office.records(*(call.call_id for call in calls))
    assert ["answered"] * 6 == [records[call.call_id]["outcome"] for call in calls[:6]]
    assert all(records[call.call_id]["recovered"] for call in calls[:6])
    for name, call, _ in talks:
        assert (name, "agent") == (records[call.call_id]["agent"], records[call.call_id]["ended_by"])


def _places(calls: list[Any]) -> list[tuple[str, str]]:
    return [(call["id"], call["waiting_since"]) for call in calls]


async def _first_ring(shift: Shift, *names: str) -> tuple[str, Ring]:
    """Wait for a ring at one of these phones."""
    waits = {asyncio.create_task(shift.phones[name].next_ring()): name for name in names}
    done, others = await asyncio.wait(waits, timeout=20, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    assert len(done) == 1, "one ring at a time is what these tests ask for"
    first = done.pop()
    return waits[first], first.result()


async def test_a_controller_that_hangs_is_ended_and_nobody_loses_a_place(
    shift: Shift, floor_copy: Copy
) -> None:
    await shift.seat("abe")
    talk, ring = await shift.talk("abe", "09044440060", keys="1")
    lined_up = []
    for n in range(2):
        lined_up.append(shift.call(f"0904444007{n}", keys="1"))
        before = await waiting(shift, n + 1)
    pid = floor_copy.running["processes"]["controller"]
    os.kill(pid, signal.SIGSTOP)
    late = shift.call("09044440080", keys="1")
    await hear_each_other(talk, ring)
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await hear_each_other(talk, ring)
    assert _places(before) == _places(await waiting(shift, 3))[:2]
    for call in (late, *lined_up, talk):
        call.leave()
        await within(call.over)
    records = await shift.office.records(*(call.call_id for call in (late, *lined_up, talk)))
    assert {"caller"} == {record["ended_by"] for record in records.values()}
    assert "answered" == records[talk.call_id]["outcome"]
    for call in lined_up:  # nobody drove them for a while, then they were fetched, and left by their own wish
        record = records[call.call_id]
        assert record["recovered"]
        assert record["outcome"] in {"abandoned", "short_abandoned"}


async def test_an_offer_that_rings_while_the_controller_dies_is_completed(
    shift: Shift, floor_copy: Copy
) -> None:
    desk = await shift.seat("abe")
    call = shift.call("09044440030", keys="1")
    async with asyncio.timeout(20):
        ring = await shift.phones["abe"].next_ring()
    pid = kill(floor_copy, "controller")
    assert call.sound is not None
    await call.sound.listen(1.0)
    assert not ring.over.is_set()
    ring.answer()
    await hear_each_other(call, ring)
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await hear_each_other(call, ring)
    agent = await shift.office.get("/api/agents/abe")
    assert "talking" == agent["state"]
    await desk.connect()  # in the session from before: nobody has to sign in again in mid-call
    ring.hang_up()
    await within(call.over)
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert ("answered", "abe", "agent") == (record["outcome"], record["agent"], record["ended_by"])
    assert record["talked_s"] > 0.5


@pytest.mark.parametrize("process", ["worker", "postgres"])
async def test_the_record_keepers_die_and_no_call_notices(
    shift: Shift, floor_copy: Copy, process: str
) -> None:
    desk = await shift.seat("abe")
    await shift.seat("baba")
    first = shift.call("09044440040", keys="1")
    _, first_ring = await _first_ring(shift, "abe", "baba")
    first_ring.answer()
    await hear_each_other(first, first_ring)
    pid = kill(floor_copy, process)
    await desk.disconnect()
    await desk.connect()
    second = shift.call("09044440041", keys="1")
    _, second_ring = await _first_ring(shift, "abe", "baba")
    second_ring.answer()
    await asyncio.gather(hear_each_other(first, first_ring), hear_each_other(second, second_ring))
    for call, ring in ((first, first_ring), (second, second_ring)):
        call.leave()
        await within(ring.over)
    await back(floor_copy, process, pid)
    await shift.office.ready()
    records = await shift.office.records(first.call_id, second.call_id)
    assert [("answered", "caller")] * 2 == [(r["outcome"], r["ended_by"]) for r in records.values()]


async def test_asterisk_dies_and_comes_back_with_honest_records(shift: Shift, floor_copy: Copy) -> None:
    await shift.seat("abe")
    talking, ring = await shift.talk("abe", "09044440050", keys="1")
    await hear_each_other(talking, ring)
    lined_up = shift.call("09044440051", keys="1")
    await waiting(shift, 1)
    pid = kill(floor_copy, "asterisk")
    await back(floor_copy, "asterisk", pid)
    await shift.office.ready()
    records = await shift.office.records(talking.call_id, lined_up.call_id)
    assert ("answered", "system") == _end(records[talking.call_id])
    assert ("failed", "system") == _end(records[lined_up.call_id])
    for leg in (talking, ring, lined_up):
        leg.ended(time.time(), EndedBy.THEM)  # nobody will tell them: their centre died without a word

    await shift.phones["abe"].register()
    await shift.office.knows_phone("abe")
    call, ring = await shift.talk("abe", "09044440052", keys="1")
    await hear_each_other(call, ring)
    ring.hang_up()
    await within(call.over)
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert ("answered", "abe") == (record["outcome"], record["agent"])


def _end(record: Any) -> tuple[str, str]:
    return record["outcome"], record["ended_by"]
