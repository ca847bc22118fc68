"""A controller on another machine takes over, and gives back: it has ARI, AMI and PostgreSQL, and no file."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import stamina

from madoguchi.local.supervisor import Supervisor
from tests.acceptance.copy import Copy
from tests.acceptance.elsewhere.machine import far_machine
from tests.acceptance.elsewhere.network import GATE
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_survival import hear_each_other, waiting


async def carried_over(shift: Shift) -> None:
    """Wait until the worker has carried everything to PostgreSQL: it tells nobody."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.05, wait_max=0.2
    ):
        with attempt:
            assert 0 == (await shift.office.get("/api/status"))["spool_depth"]


@pytest.fixture
async def here(shift: Shift, floor_copy: Copy) -> AsyncIterator[Supervisor]:
    """What starts the controller beside Asterisk; it runs again afterwards, whatever happens."""
    supervisor = Supervisor(floor_copy.layout)
    yield supervisor
    supervisor.start("controller")
    await shift.office.ready()


async def test_when_no_controller_lives_beside_asterisk_one_on_another_machine_takes_the_calls_over(
    shift: Shift, here: Supervisor, floor_copy: Copy, tmp_path: Path
) -> None:
    async with far_machine(floor_copy, tmp_path) as far:
        await shift.seat("abe")
        talk, ring = await shift.talk("abe", "09044441000", keys="1")
        lined_up = []
        for n in range(2):
            lined_up.append(shift.call(f"0904444101{n}", keys="1"))
            await waiting(shift, n + 1)
        await far.stands_by()
        await carried_over(shift)

        os.kill(floor_copy.running["processes"]["controller"], signal.SIGKILL)
        await asyncio.to_thread(here.stop, "controller")  # its machine cannot start another one
        await hear_each_other(talk, ring)
        await far.leads()
        await hear_each_other(talk, ring)
        ring.hang_up()
        await within(talk.over)
        async with asyncio.timeout(LIMIT_S):
            second = await shift.phones["abe"].next_ring()
        second.answer()
        await within(second.answered)
        assert "09044441010" == second.caller.replace("+81", "0"), "who was first is first"
        await hear_each_other(lined_up[0], second)
        publish, disaster = await asyncio.gather(
            far.command("dialplan", "apply", "--why", "another machine", "--skip-trial"),
            far.command("emergency", "on"),
        )
        for done in (publish, disaster):
            assert (done.returncode, f"the machine that has Asterisk ({GATE})" in done.stderr) == (1, True), (
                done
            )

        await asyncio.to_thread(here.start, "controller")
        await asyncio.to_thread(far.stop, "controller")
        await shift.office.ready()
        await hear_each_other(lined_up[0], second)
        assert ["+819044441011"] == [call["caller"] for call in await waiting(shift, 1)]
        second.hang_up()
        lined_up[1].leave()
        await asyncio.gather(*(within(call.over) for call in lined_up))
        records = await shift.office.records(*(call.call_id for call in (talk, *lined_up)))
    ends = [
        (record["outcome"], record["agent"]) for record in (records[c.call_id] for c in (talk, lined_up[0]))
    ]
    assert [("answered", "abe")] * 2 == ends
    assert ["agent", "agent", "caller"] == [records[call.call_id]["ended_by"] for call in (talk, *lined_up)]
