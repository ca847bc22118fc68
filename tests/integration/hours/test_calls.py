"""Calls on a real Asterisk on every kind of day: what the telephone hears, and how the record ends."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

import pytest

from madoguchi.demo.phones import Call, Carrier, EndedBy
from madoguchi.demo.phones.tones import share_of_tone
from telephony.model.events import EmergencyChanged
from telephony.model.ids import Instant
from telephony.model.rulings import Override
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.driver import until
from tests.integration.hours.centre import JST, TONES, Controller, city_centre, controller, write_tones

LIMIT_S = 10
CLEAR = 0.9


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAsterisk]:
    home = tmp_path_factory.mktemp("hours")
    for directory in (home, *home.parents[:2]):
        directory.chmod(0o755)
    running = RunningAsterisk(home)
    running.write_configuration(city_centre())
    write_tones(running)
    running.start()
    yield running
    running.stop()
    shutil.rmtree(home)


@pytest.fixture
async def centre(asterisk: RunningAsterisk) -> AsyncIterator[Controller]:
    async with controller(asterisk) as running:
        yield running


@pytest.fixture
async def dial(asterisk: RunningAsterisk, centre: Controller) -> AsyncIterator[Callable[[], Call]]:
    """Place a call to *centre* with ``dial()``."""
    assert centre.notes.records == []
    carrier = Carrier(("127.0.0.1", asterisk.sip_port))
    yield lambda: carrier.call(DIALLED, caller="09012345678")
    await carrier.close()


async def hears(call: Call, *prompts: str) -> None:
    """Wait until the caller hears these prompts, one after another."""
    async with asyncio.timeout(LIMIT_S):
        await call.answered.wait()
        assert call.sound is not None
        for prompt in prompts:
            while share_of_tone(await call.sound.listen(0.1), TONES[prompt]) < CLEAR:
                pass


async def ends(call: Call, centre: Controller) -> tuple[object, ...]:
    """Wait for the end of the call; return who hung up, and what the record says."""
    async with asyncio.timeout(LIMIT_S):
        await call.over.wait()
        await until(lambda: bool(centre.notes.ends()))
    (end,) = centre.notes.ends()
    return (call.ended_by, *end)


def at(text: str) -> Instant:
    return Instant(datetime.fromisoformat(text).replace(tzinfo=JST).timestamp())


@pytest.mark.parametrize(
    ("now", "prompts", "reason"),
    [
        ("2027-01-04T17:15:00", ("closed-after-hours", "next-opening"), "受付終了後"),
        ("2027-01-04T08:59:50", ("closed-before-hours", "next-opening-today"), "受付開始前"),
        ("2027-01-09T10:00:00", ("closed-day-off", "next-opening"), "休業日"),
        ("2027-01-11T10:00:00", ("closed-holiday", "next-opening"), "祝日（成人の日）"),
        ("2027-01-01T10:00:00", ("closed-year-end", "next-opening"), "年末年始"),
    ],
)
async def test_a_call_outside_hours_hears_why_and_is_hung_up_on(
    centre: Controller, dial: Callable[[], Call], now: str, prompts: tuple[str, ...], reason: str
) -> None:
    centre.stand_at(now)
    call = dial()
    await hears(call, *prompts, "call-again")
    assert (EndedBy.THEM, "closed", "system", reason) == await ends(call, centre)


async def test_a_call_in_hours_is_greeted(centre: Controller, dial: Callable[[], Call]) -> None:
    centre.stand_at("2027-01-04T17:14:55")
    call = dial()
    await hears(call, "greeting", "recording-notice", "menu")
    call.leave()
    assert (EndedBy.US, "short_abandoned", "caller", None) == await ends(call, centre)


async def test_an_ad_hoc_opening_on_new_years_day_lets_the_call_in(
    centre: Controller, dial: Callable[[], Call]
) -> None:
    opened = Override("1", opens=True, since=at("2027-01-01T09:00:00"), until=at("2027-01-01T12:00:00"))
    centre.stand_at("2027-01-01T11:59:50", opened)
    call = dial()
    await hears(call, "greeting")


async def test_an_ad_hoc_closing_turns_the_call_away(centre: Controller, dial: Callable[[], Call]) -> None:
    closed = Override("1", opens=False, since=at("2027-01-04T09:00:00"), until=at("2027-01-04T12:00:00"))
    centre.stand_at("2027-01-04T11:59:50", closed)
    call = dial()
    await hears(call, "closed-exception", "next-opening-today", "call-again")
    assert (EndedBy.THEM, "closed", "system", "臨時の休止") == await ends(call, centre)


async def test_a_caller_in_the_menu_hears_of_the_disaster(
    centre: Controller, dial: Callable[[], Call]
) -> None:
    centre.stand_at("2027-01-04T10:00:00")
    call = dial()
    await hears(call, "menu")
    centre.engine.submit(EmergencyChanged("emergency"))
    await hears(call, "emergency")
    assert (EndedBy.THEM, "emergency", "system", None) == await ends(call, centre)
