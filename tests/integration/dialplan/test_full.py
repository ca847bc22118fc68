"""More calls than the trunk may carry: an announcement before the answer, and a line for the record."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from dialplan.render import TOLD_AT_ONCE
from madoguchi.demo.phones import Call, Carrier
from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager, ManagerConnected
from telephony.rescue import admission, voices
from telephony.rescue.bounds import Bounds
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.conftest import FULL_HZ, MAX_CALLS, MAX_NEW_PER_S, MIN_CALLS
from tests.integration.dialplan.driver import Driver, until
from tests.integration.dialplan.test_unattended import Unserved, hears

USER_BUSY = 486


@pytest.fixture(autouse=True)
async def nobody_is_left(asterisk: RunningAsterisk) -> AsyncIterator[None]:
    """Wait for the end of every call: whoever has left still counts while the dialplan writes that down."""
    yield
    await until(lambda: "\n0 active channels" in f"\n{asterisk.cli('core show channels count')}")


async def test_the_caller_beyond_the_limit_hears_so_and_everybody_else_is_served(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    unserved = Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")
    async with Driver(ari) as driver:
        for number in range(MAX_CALLS):
            if number % MAX_NEW_PER_S == 0:
                await begin_of_a_second()
            carrier.call(DIALLED, caller="0311112222", sound=False)
        for _ in range(MAX_CALLS):
            await driver.arrived()
        await begin_of_a_second()
        late = carrier.call(DIALLED, caller="0333334444")
        await hears(late, FULL_HZ)
        await late.over.wait()
        assert (late.status, late.answered.is_set()) == (USER_BUSY, False)
        (line,) = await unserved.next()
        assert (line["MADOGUCHI_WHY"], line["MADOGUCHI_CALLER"]) == ("full", "0333334444")
        for call in carrier.calls:
            call.leave()
        await asyncio.gather(*(call.over.wait() for call in carrier.calls))
        again = carrier.call(DIALLED, caller="0333334444")
        assert await driver.arrived()
        again.leave()
        await again.over.wait()


async def test_more_calls_in_one_second_than_may_come_in_are_told_so_and_the_rest_come_in(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    unserved = Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")
    async with Driver(ari) as driver:
        first = await fill_a_second(driver, carrier)
        late = carrier.call(DIALLED, caller="0333334444")
        await late.over.wait()
        assert USER_BUSY == late.status
        assert "full" == (await unserved.next())[0]["MADOGUCHI_WHY"]
        await begin_of_a_second()
        again = carrier.call(DIALLED, caller="0333334444")
        await driver.arrived()
        await hang_up(*first, again)


async def test_where_the_machine_has_no_time_for_an_announcement_there_is_a_busy_tone(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    asterisk.cli("dialplan set global MADOGUCHI_VOICES 0")
    try:
        async with Driver(ari) as driver:
            first = await fill_a_second(driver, carrier)
            late = carrier.call(DIALLED, caller="0333334444")
            await late.over.wait()
            assert (late.status, late.times.rang) == (USER_BUSY, None), "no 183 before it"
            await hang_up(*first)
    finally:
        asterisk.cli(f"dialplan set global MADOGUCHI_VOICES {TOLD_AT_ONCE}")


@pytest.mark.parametrize(("room", "admitted"), [(3, MIN_CALLS), (12, 12), (100, MAX_NEW_PER_S)])
async def test_while_the_machine_is_short_of_time_no_more_come_in_than_it_bears(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier, room: int, admitted: int
) -> None:
    """But as many as the trunk carries all the same, and everybody where there is room for them."""
    asterisk.cli(f"dialplan set global {admission.VARIABLE} {room}")
    try:
        async with Driver(ari) as driver:
            await begin_of_a_second()
            calls = [carrier.call(DIALLED, caller="0311112222", sound=False) for _ in range(MAX_NEW_PER_S)]
            for _ in range(admitted):
                await driver.arrived()
            await until(lambda: sum(call.over.is_set() for call in calls) == MAX_NEW_PER_S - admitted)
            assert {USER_BUSY} >= {call.status for call in calls if call.over.is_set()}
            asterisk.cli(f"dialplan set global {admission.VARIABLE} {admission.NO_BOUND}")
            await begin_of_a_second()
            again = carrier.call(DIALLED, caller="0333334444")
            await driver.arrived()
            await hang_up(*calls, again)
    finally:
        asterisk.cli(f"dialplan set global {admission.VARIABLE} {admission.NO_BOUND}")


async def test_the_rescue_counts_the_calls_of_a_machine_that_is_short_of_time(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    manager = Manager(("127.0.0.1", asterisk.ami_port), asterisk.user, asterisk.ami_password, events=())
    async with Driver(ari) as driver, aclosing(manager.listen()) as connection:
        assert isinstance(await anext(connection), ManagerConnected)
        calls = [carrier.call(DIALLED, caller="0311112222", sound=False) for _ in range(3)]
        for _ in calls:
            await driver.arrived()
        looking = asyncio.create_task(Bounds(manager, lambda: 0.0, TOLD_AT_ONCE).run())
        try:
            told = f"{admission.VARIABLE}={len(calls)}"
            await until(lambda: told in asterisk.cli("dialplan show globals").split())
            assert not looking.done()
        finally:
            looking.cancel()
            await asyncio.wait({looking})
            asterisk.cli(f"dialplan set global {admission.VARIABLE} {admission.NO_BOUND}")
            asterisk.cli(f"dialplan set global {voices.VARIABLE} {TOLD_AT_ONCE}")
        await hang_up(*calls)


async def fill_a_second(driver: Driver, carrier: Carrier) -> list[Call]:
    """Let as many calls come in as may in the second that has just begun."""
    await begin_of_a_second()
    calls = [carrier.call(DIALLED, caller="0311112222", sound=False) for _ in range(MAX_NEW_PER_S)]
    for _ in calls:
        await driver.arrived()
    return calls


async def begin_of_a_second() -> None:
    """Wait for the clock: the bound is one for each of its seconds."""
    await asyncio.sleep(1.02 - time.time() % 1)


async def hang_up(*calls: Call) -> None:
    """Let these callers leave, one after another."""
    for call in calls:
        call.leave()
        await call.over.wait()
