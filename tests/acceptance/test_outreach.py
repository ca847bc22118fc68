"""An operator dials somebody on the city's list: real telephones on both sides, sound both ways, and a kill.

Calls are allowed from mid-month on (R18). Before that nobody can be dialled, and these tests see just that.
"""

from pathlib import Path
from typing import Any

import pytest
import stamina

from madoguchi.demo.phones import CalledPhone, Reject
from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import CROWDED
from tests.acceptance.floor.command import command
from tests.acceptance.floor.desk import kind
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_callbacks import hear_each_other, measured, rings_at, until
from tests.acceptance.test_survival import back, kill

WRITTEN, NATIONAL = "0598-53-4000", "0598534000"


@pytest.fixture
async def target(floor_copy: Copy, tmp_path: Path, request: pytest.FixtureRequest) -> int | None:
    """Take a business on the list in hand; None on days on which nobody may be called."""
    sheet = tmp_path / "list.csv"
    sheet.write_text(f"名称,電話番号\n{request.node.name},{WRITTEN}\n")
    await command(floor_copy, "outreach", "import", str(sheet), "--list", "見本")
    gate = await command(floor_copy, "outreach", "gate")
    if gate["why_not"] is not None:
        assert not gate["allowed"], gate
        return None
    return int((await command(floor_copy, "outreach", "next"))["id"])


async def record_of(shift: Shift, row: int) -> dict[str, Any]:
    """Return the record of the call that was counted as *row*."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.3
    ):
        with attempt:
            found = [each for each in await shift.office.written() if each["outreach"] == row]
            assert len(found) == 1
    return dict(found[0])


async def test_both_talk_through_the_death_of_the_controller_and_it_is_one_record(
    shift: Shift, outside: CalledPhone, floor_copy: Copy, target: int | None
) -> None:
    if target is None:
        return
    desk = await shift.seat(CROWDED)
    dialled = await command(floor_copy, "outreach", "dial", str(target), "--as", CROWDED)
    operator = await rings_at(shift.phones[CROWDED])
    assert (await desk.until(kind("offer")))["outreach"] == dialled["call"]
    assert operator.caller == NATIONAL
    assert outside.rings == [], "nobody outside is called before the own phone is picked up"
    operator.answer()
    called = await rings_at(outside)
    assert called.caller == shift.running["trunk"]["number"]
    assert called.invite.start.startswith(f"INVITE sip:{NATIONAL}@")
    called.answer()
    await hear_each_other(called, operator)
    pid = kill(floor_copy, "controller")
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await until(shift, WRITTEN, "talking")
    assert (await shift.office.get("/api/agents/" + CROWDED))["state"] == "talking"
    called.hang_up()
    await within(operator.over)

    record = await record_of(shift, dialled["call"])
    names = ("direction", "outcome", "ended_by", "agent", "attempts", "recovered", "queue", "callback_of")
    assert [record[name] for name in names] == [
        *("outbound", "answered", "caller", CROWDED, 1, True),
        *(None, None),
    ]
    assert record["sip_call_id"] == called.call_id
    await measured(shift, record["id"])
    await command(floor_copy, "outreach", "result", str(target), "interested")


async def test_a_busy_target_is_told_to_the_desk_with_what_to_record(
    shift: Shift, outside: CalledPhone, floor_copy: Copy, target: int | None
) -> None:
    if target is None:
        return
    outside.behave = lambda _: Reject(486)
    desk = await shift.seat(CROWDED)
    dialled = await command(floor_copy, "outreach", "dial", str(target), "--as", CROWDED)
    operator = await rings_at(shift.phones[CROWDED])
    operator.answer()
    told = await desk.until(kind("outreach"))
    assert (told["outreach"], told["result"], told["proposed"]) == (dialled["call"], "busy", "busy")
    await within(operator.over)
    record = await record_of(shift, dialled["call"])
    assert (record["outcome"], record["reason"]) == ("failed", "not reached: busy")
    assert len(outside.rings) == 1
    await command(floor_copy, "outreach", "result", str(target), "do-not-call")
