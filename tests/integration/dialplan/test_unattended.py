"""Nobody drives the calls: what callers hear then, and the list from which their records are made later."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from dialplan.render import UNSERVED_FIELDS
from madoguchi.demo.phones import Answer, Call, Carrier, EndedBy, Leg, Phone
from madoguchi.demo.phones.tones import share_of_tone
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.conftest import FEW_TRIES, MUSIC_HZ, SORRY_HZ, UNAVAILABLE_HZ
from tests.integration.dialplan.driver import LIMIT_S, Driver, until

CALLER = "09012345678"
A_MILLISECOND = 0.001  # the list has no smaller part of a second
A_MOMENT_S = 10.0
HOSTILE = "${SHELL(id)},'x';|*"


class Unserved:
    """The list, from the line on that was last when the test began."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before = len(self._lines())

    def _lines(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []

    def now(self) -> list[dict[str, str]]:
        """Return what came since."""
        rows = [line.split(",") for line in self._lines()[self._before :]]
        return [dict(zip(UNSERVED_FIELDS, row, strict=True)) for row in rows]

    async def next(self, count: int = 1) -> list[dict[str, str]]:
        """Wait until *count* lines came."""
        await until(lambda: len(self.now()) >= count)
        return self.now()


@pytest.fixture
def unserved(asterisk: RunningAsterisk) -> Unserved:
    return Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")


@pytest.fixture(autouse=True)
def no_call_is_left(asterisk: RunningAsterisk) -> Iterator[None]:
    yield
    until = time.monotonic() + LIMIT_S
    while "0 active channels" not in (shown := asterisk.cli("core show channels")):
        assert time.monotonic() < until, shown


async def hears(leg: Leg, hertz: float) -> None:
    """Wait until *leg* hears a tone and nothing else."""
    assert leg.sound is not None
    async with asyncio.timeout(LIMIT_S):
        while share_of_tone(await leg.sound.listen(0.2), hertz) < 0.9:
            pass


async def test_a_caller_whom_nobody_drives_hears_what_is_the_matter_and_is_let_go(
    carrier: Carrier, unserved: Unserved
) -> None:
    began = time.time() - A_MILLISECOND
    call = carrier.call(DIALLED, caller=CALLER)
    await call.ringing.wait()
    assert not call.answered.is_set()
    await call.answered.wait()
    for hertz in (UNAVAILABLE_HZ, MUSIC_HZ, SORRY_HZ):
        await hears(call, hertz)
    await call.over.wait()
    assert call.ended_by is EndedBy.THEM
    (line,) = await unserved.next()
    assert line["UNIQUEID"].startswith("madoguchi-")
    assert (line["MADOGUCHI_WHY"], int(line["MADOGUCHI_TRIES"])) == ("failed", FEW_TRIES + 1)
    assert (line["MADOGUCHI_CALLER"], line["MADOGUCHI_DIALLED"]) == (CALLER, DIALLED)
    assert unquote(line["MADOGUCHI_SIP_CALL"]) == call.call_id
    assert began <= float(line["MADOGUCHI_BEGUN"]) <= float(line["MADOGUCHI_ENDED"]) <= time.time()


@pytest.mark.parametrize("answered", [False, True])
async def test_a_caller_who_gives_up_is_listed_too(
    carrier: Carrier, unserved: Unserved, *, answered: bool
) -> None:
    call = carrier.call(DIALLED, caller=CALLER)
    await (call.answered if answered else call.ringing).wait()
    call.leave()
    (line,) = await unserved.next()
    assert unquote(line["MADOGUCHI_SIP_CALL"]) == call.call_id


async def test_the_controller_takes_the_caller_over_as_soon_as_it_is_back(
    ari: Ari, carrier: Carrier, unserved: Unserved
) -> None:
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    await hears(call, MUSIC_HZ)
    async with Driver(ari) as driver:
        arguments, channel = await driver.entered()
        assert (arguments[0], channel["dialplan"]["exten"]) == ("arrived", DIALLED)
        await ari.hang_up(channel["id"], cause=16)
        await call.over.wait()
    (
        line,
    ) = await unserved.next()  # that controller may have died with what it knew; if not, its word counts
    assert unquote(line["MADOGUCHI_SIP_CALL"]) == call.call_id


async def test_whoever_waits_is_let_in_at_the_moment_in_which_somebody_drives(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    ringing, held = (carrier.call(DIALLED, caller=caller) for caller in (CALLER, "0311112222"))
    await held.answered.wait()
    async with Driver(ari) as driver:
        asterisk.cli("dialplan set global MADOGUCHI_DRIVER 1")
        began = time.monotonic()
        await driver.arrived()
        await driver.arrived()
        assert time.monotonic() - began < 0.5
        for call in (ringing, held):
            call.leave()
            await call.over.wait()


async def test_a_caller_who_leaves_unanswered_is_listed_whoever_drives(
    ari: Ari, carrier: Carrier, unserved: Unserved
) -> None:
    async with Driver(ari) as hung:
        call = carrier.call(DIALLED, caller=CALLER)
        await hung.arrived()
        call.leave()
        (line,) = await unserved.next()
    assert (line["MADOGUCHI_WHY"], unquote(line["MADOGUCHI_SIP_CALL"])) == ("left", call.call_id)


async def test_a_caller_who_leaves_before_the_answer_is_listed_also_when_a_controller_was_told(
    ari: Ari, carrier: Carrier, unserved: Unserved
) -> None:
    """The controller may die with the news; if it does not, what it wrote counts."""
    async with Driver(ari) as driver:
        call = carrier.call(DIALLED, caller=CALLER)
        await driver.arrived()
        call.leave()
        (line,) = await unserved.next()
    assert (line["MADOGUCHI_WHY"], unquote(line["MADOGUCHI_SIP_CALL"])) == ("left", call.call_id)


async def test_a_caller_whom_the_controller_turned_away_is_not_listed(
    ari: Ari, carrier: Carrier, unserved: Unserved
) -> None:
    async with Driver(ari) as driver:
        call = carrier.call("0999", caller=CALLER)
        await ari.hang_up(await driver.arrived(), cause=1)
        await call.over.wait()
    assert unserved.now() == []


@pytest.mark.parametrize(
    ("dialled", "caller"),
    [("${SHELL(id)},1", '${EPOCH},"\nx'), ("0120((1", "0311112222"), ("0120[('", "(0311[")],
)
async def test_what_a_hostile_caller_sends_stands_in_the_list_as_it_was_sent(
    carrier: Carrier, unserved: Unserved, dialled: str, caller: str
) -> None:
    call = carrier.call(quote(dialled, safe="("), caller=quote(caller, safe="("))
    await call.ringing.wait()
    call.leave()
    (line,) = await unserved.next()
    assert unquote(line["MADOGUCHI_DIALLED"]) == dialled
    assert unquote(line["MADOGUCHI_CALLER"]).startswith(caller.partition("\n")[0])
    assert unquote(line["MADOGUCHI_SIP_CALL"]) == call.call_id
    assert 0 < time.time() - float(line["MADOGUCHI_BEGUN"]) < A_MOMENT_S


async def test_many_who_leave_at_once_are_listed_each_on_a_line(carrier: Carrier, unserved: Unserved) -> None:
    calls = [carrier.call(DIALLED, caller=f"090{number:08}", sound=False) for number in range(15)]
    await asyncio.gather(*(call.ringing.wait() for call in calls))
    for call in calls:
        call.leave()
    lines = await unserved.next(len(calls))
    assert {line["MADOGUCHI_CALLER"] for line in lines} == {f"090{number:08}" for number in range(15)}


async def offered(ari: Ari, carrier: Carrier, what: str) -> Call:
    """Return a call that is offered to a phone; nobody drives it any more."""
    async with Driver(ari) as driver:
        call = carrier.call(DIALLED, caller=CALLER)
        leg = await driver.arrived()
        await ari.answer(leg)
        await driver.offer(leg, what)
        await driver.next("StasisEnd")
    return call


async def test_an_offer_that_nobody_answers_waits_for_the_controller(
    ari: Ari, carrier: Carrier, phone: Callable[[str], Phone], unserved: Unserved
) -> None:
    desk = phone("201")
    await desk.register()
    call = await offered(ari, carrier, "201*1*1*n")
    await (await desk.next_ring()).over.wait()
    await hears(call, UNAVAILABLE_HZ)
    async with Driver(ari) as driver:
        leg = await driver.arrived()
        await ari.hang_up(leg, cause=16)
        await call.over.wait()
    assert "failed" == (await unserved.next())[0]["MADOGUCHI_WHY"]


async def test_a_caller_who_waited_and_was_served_then_is_not_listed(
    ari: Ari, carrier: Carrier, phone: Callable[[str], Phone], unserved: Unserved
) -> None:
    desk = phone("201")
    await desk.register()
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    async with Driver(ari) as driver:
        await driver.offer(await driver.arrived(), "201*5*1*n")
        await driver.next("StasisEnd")
    ring = await desk.next_ring()
    ring.answer(talk_s=0.1)
    await call.over.wait()
    assert unserved.now() == []


async def test_a_conversation_ends_as_usual_when_nobody_drives_any_more(
    ari: Ari, carrier: Carrier, phone: Callable[[str], Phone], unserved: Unserved
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Answer()
    await desk.register()
    call = await offered(ari, carrier, "201*5*1*n")
    ring = await desk.next_ring()
    await ring.answered.wait()
    ring.say(600)
    await hears(call, 600)
    ring.hang_up()
    await call.over.wait()
    assert call.ended_by is EndedBy.THEM
    assert unserved.now() == []
