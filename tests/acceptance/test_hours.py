"""Opened and closed by command while a whole centre runs, and the disaster mode with its controller dead."""

import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from tests.acceptance.copy import Copy
from tests.acceptance.floor.command import command
from tests.acceptance.floor.office import Office
from tests.acceptance.floor.shift import Shift, within
from tests.acceptance.test_survival import back, kill

SOON = timedelta(minutes=10)


@pytest.fixture
async def shift(floor_copy: Copy) -> AsyncIterator[Shift]:
    async with Shift(floor_copy) as people:
        yield people


async def ended(office: Office, call_id: str) -> tuple[str, str]:
    record = (await office.records(call_id))[call_id]
    return record["outcome"], record["ended_by"]


async def standing_in_line(office: Office) -> None:
    """Wait until a caller waits."""
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=20, wait_max=0.2):
        with attempt:
            assert ["waiting"] == [call["state"] for call in await office.live()]


async def test_a_closing_by_command_holds_at_once_and_can_be_taken_back(
    shift: Shift, floor_copy: Copy
) -> None:
    until = (datetime.now(UTC) + SOON).isoformat()
    closing = await command(floor_copy, "close", "--until", until)
    try:
        call = shift.call()
        await within(call.over)
        assert ("closed", "system") == await ended(shift.office, call.call_id)
        await back(floor_copy, "controller", kill(floor_copy, "controller"))
        await shift.office.ready()
        call = shift.call()
        await within(call.over)
        assert ("closed", "system") == await ended(shift.office, call.call_id), "also after a restart"
        today = await command(floor_copy, "hours")
        assert [closing["id"]] == [entry["id"] for entry in today["ad_hoc"]]
        # Stronger, because it was entered later: a part that stays open.
        opening = await command(floor_copy, "open", "--until", until)
        call = shift.call(keys="1")
        await within(call.answered)
        await standing_in_line(shift.office)
        call.leave()
        assert "caller" == (await ended(shift.office, call.call_id))[1]
        await command(floor_copy, "hours", "--cancel", opening["id"])
    finally:
        await command(floor_copy, "hours", "--cancel", closing["id"])
    assert [] == (await command(floor_copy, "hours"))["ad_hoc"]


async def test_the_disaster_mode_speaks_with_the_controller_alive_and_dead(
    shift: Shift, floor_copy: Copy
) -> None:
    assert (await command(floor_copy, "emergency", "on"))["controller_told"] is True
    controller = floor_copy.running["processes"]["controller"]
    try:
        alive = shift.call()
        await within(alive.over)
        os.kill(controller, signal.SIGSTOP)
        assert (await command(floor_copy, "emergency", "off"))["controller_told"] is False
        assert (await command(floor_copy, "emergency", "on"))["on"] is True
        dead = shift.call()
        await within(dead.over)
        await back(floor_copy, "controller", controller)  # the rescue has ended the one that hung
    finally:
        await command(floor_copy, "emergency", "off")
    await shift.office.ready()
    for call in (alive, dead):
        assert ("emergency", "system") == await ended(shift.office, call.call_id)
