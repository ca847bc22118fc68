"""The disaster mode with nothing alive but Asterisk: a file, and every call hears its announcement."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from madoguchi.demo.phones import Carrier, EndedBy
from madoguchi.hours.emergency import Wish, switch
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import DIALLED, RunningAsterisk, small_centre
from tests.integration.dialplan.conftest import EMERGENCY_HZ, MUSIC_HZ, TYPHOON_HZ
from tests.integration.dialplan.driver import Driver
from tests.integration.dialplan.test_unattended import Unserved, hears

CALLER = "09012345678"


@pytest.fixture
def unserved(asterisk: RunningAsterisk) -> Unserved:
    return Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")


@pytest.fixture(autouse=True)
def flag(asterisk: RunningAsterisk) -> Iterator[Path]:
    """Where the mode's file lies; the mode is off again afterwards."""
    yield asterisk.layout.emergency_flag
    asterisk.layout.emergency_flag.unlink(missing_ok=True)


def turn_on(asterisk: RunningAsterisk, message: str) -> None:
    switch(asterisk.layout, small_centre(), Wish(message, "sato"))


async def test_every_call_hears_the_announcement_and_is_listed_once(
    asterisk: RunningAsterisk, carrier: Carrier, unserved: Unserved
) -> None:
    turn_on(asterisk, "typhoon")
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    await hears(call, TYPHOON_HZ)
    await call.over.wait()
    assert call.ended_by is EndedBy.THEM
    (line,) = await unserved.next()
    assert ("emergency-heard", call.call_id) == (line["MADOGUCHI_WHY"], unquote(line["MADOGUCHI_SIP_CALL"]))


async def test_also_a_call_that_a_controller_would_take(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier, unserved: Unserved
) -> None:
    turn_on(asterisk, "emergency")
    async with Driver(ari):
        call = carrier.call(DIALLED, caller=CALLER)
        await call.answered.wait()
        await hears(call, EMERGENCY_HZ)
        call.leave()
        (line,) = await unserved.next()
    assert line["MADOGUCHI_WHY"] == "emergency"


@pytest.fixture(params=["gone", "", "../../etc/passwd", "typhoon2&beep\n"])
def written(flag: Path, request: pytest.FixtureRequest) -> None:
    """Somebody wrote the file by hand."""
    flag.write_text(request.param)


@pytest.mark.usefixtures("written")
async def test_a_prompt_that_is_not_there_gives_way_to_the_usual_one(
    carrier: Carrier, unserved: Unserved
) -> None:
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    await hears(call, EMERGENCY_HZ)
    await call.over.wait()
    assert (await unserved.next())[0]["MADOGUCHI_WHY"] == "emergency-heard"


async def test_who_waits_for_a_controller_hears_of_it_too(
    asterisk: RunningAsterisk, carrier: Carrier, unserved: Unserved
) -> None:
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    await hears(call, MUSIC_HZ)
    turn_on(asterisk, "emergency")
    await hears(call, EMERGENCY_HZ)
    await call.over.wait()
    assert [line["MADOGUCHI_WHY"] for line in await unserved.next()] == ["emergency-heard"]
