"""More calls than the trunk may carry: an announcement before the answer, and a line for the record."""

import asyncio

from madoguchi.demo.phones import Carrier
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.conftest import FULL_HZ, MAX_CALLS
from tests.integration.dialplan.driver import Driver
from tests.integration.dialplan.test_unattended import Unserved, hears

USER_BUSY = 486


async def test_the_caller_beyond_the_limit_hears_so_and_everybody_else_is_served(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    unserved = Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")
    async with Driver(ari) as driver:
        for _ in range(MAX_CALLS):
            carrier.call(DIALLED, caller="0311112222", sound=False)
        for _ in range(MAX_CALLS):
            await driver.arrived()
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
