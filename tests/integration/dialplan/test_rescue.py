"""The rescue on a real Asterisk: it takes numbers, and callers away from a controller that hangs."""

import asyncio
import os
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from madoguchi.demo.phones import Call, Carrier, Phone
from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager
from telephony.heartbeat import DRIVER_VARIABLE
from telephony.journal import Journal
from telephony.rescue import voices
from telephony.rescue.logs import KEPT, AsteriskLogs
from telephony.rescue.process import Plan, Rescue
from telephony.spool import Spool
from tests.acceptance.floor.centre import centre_toml
from tests.asterisk_fixture import DIALLED, RunningAsterisk, write_tone
from tests.integration.dialplan.conftest import MAX_NEW_PER_S, MUSIC_HZ, SORRY_HZ, UNAVAILABLE_HZ
from tests.integration.dialplan.driver import LIMIT_S, Driver, until
from tests.integration.dialplan.test_full import begin_of_a_second
from tests.integration.dialplan.test_unattended import Unserved, hears

CALLER, OTHER = "09012345678", "0598531234"
OFFER_HZ, CONFIRM_HZ, ASK_HZ, WRONG_HZ, THANKS_HZ = 600, 800, 1_000, 1_200, 1_400
TONES = {
    "rescue-offer": OFFER_HZ,
    "rescue-confirm": CONFIRM_HZ,
    "rescue-ask-number": ASK_HZ,
    "rescue-wrong-number": WRONG_HZ,
    "rescue-thanks": THANKS_HZ,
}
OPERATOR_HZ, SURGE_HZ = 1_600, 1_800
NOBODY = 1  # a port where nobody listens
_NS = 1_000_000_000


@dataclass
class Saved:
    """A running rescue and what became of it."""

    spool: Path
    heartbeat: Path
    manager: Manager
    killed: list[int] = field(default_factory=list)

    def wishes(self) -> list[tuple[str, str, str | None]]:
        """Return (kind, number, caller) of everything in its spool."""
        return [(kind, fact["number"], fact["caller"]) for kind, fact in self.facts()]

    def facts(self) -> list[tuple[str, dict[str, Any]]]:
        """Return kind and data of everything in its spool."""
        spool = Spool(self.spool)
        rows = spool.not_drained(100).rows
        spool.close()
        return [(kind, orjson.loads(data)) for _, _, _, kind, data in rows]

    def stop_beating(self) -> None:
        """Leave a heartbeat of long ago."""
        self.heartbeat.write_text("4711")
        before = time.monotonic_ns() - 3 * _NS
        os.utime(self.heartbeat, ns=(before, before))


@pytest.fixture
async def rescue(asterisk: RunningAsterisk, ari: Ari, tmp_path: Path) -> AsyncIterator[Saved]:
    for sound, hertz in TONES.items():
        write_tone(asterisk.layout.sounds / f"{sound}.sln16", seconds=0.5, hertz=hertz)
    plan = tmp_path / "centre.toml"
    plan.write_text(centre_toml())
    manager = Manager(("127.0.0.1", asterisk.ami_port), asterisk.user, asterisk.ami_password, events=())
    saved = Saved(tmp_path / "rescue.sqlite", tmp_path / "heartbeat", manager)
    journal = Journal(saved.spool)
    logs = asterisk.layout.asterisk / "log"
    running = Rescue(Plan(plan), ari, manager, journal, saved.heartbeat, logs, saved.killed.append)
    asterisk.cli(f"dialplan set global {voices.VARIABLE} 0")
    task = asyncio.create_task(running.run())
    await until(lambda: _port(asterisk) > NOBODY)
    yield saved
    task.cancel()
    await asyncio.wait({task})
    asterisk.cli(f"dialplan set global MADOGUCHI_RESCUE 127.0.0.1:{NOBODY}")
    asterisk.cli(f"dialplan set global {voices.VARIABLE} {voices.MOST}")
    await journal.close()


def _port(asterisk: RunningAsterisk) -> int:
    """Return where the dialplan thinks that the rescue listens."""
    found = re.search(r"MADOGUCHI_RESCUE=127\.0\.0\.1:(\d+)", asterisk.cli("dialplan show globals"))
    return int(found[1]) if found else NOBODY


async def asked(carrier: Carrier, caller: str | None = CALLER) -> Call:
    """Return a caller for whom nobody came, and to whom the rescue has just spoken."""
    call = carrier.call(DIALLED, caller=caller)
    await call.answered.wait()
    await hears(call, OFFER_HZ)
    return call


async def test_a_caller_whom_nobody_can_serve_is_promised_a_call_back(
    asterisk: RunningAsterisk, carrier: Carrier, rescue: Saved
) -> None:
    unserved = Unserved(asterisk.layout.asterisk / "spool" / "unserved.csv")
    before = time.time()
    call = await asked(carrier)
    await hears(call, CONFIRM_HZ)
    call.press("1")
    await hears(call, THANKS_HZ)
    assert [("callback.number_left", "+819012345678", "+819012345678")] == rescue.wishes()
    ((_, fact),) = rescue.facts()
    assert f"+81{DIALLED[1:]}" == fact["dialled"]
    assert before - 1 < fact["arrived_at"] < time.time() - 1, "since the call came, not since it was asked"
    await call.over.wait()
    (line,) = await unserved.next()
    assert "failed" == line["MADOGUCHI_WHY"]


async def test_the_dialplan_is_told_how_many_may_hear_that_it_is_full(
    asterisk: RunningAsterisk, rescue: Saved
) -> None:
    del rescue  # it runs
    await until(lambda: voices.LEAST <= _room(asterisk) <= voices.MOST)


def _room(asterisk: RunningAsterisk) -> int:
    found = re.search(r"MADOGUCHI_VOICES=(\d+)", asterisk.cli("dialplan show globals"))
    return int(found[1]) if found else 0


async def test_another_number_is_typed_read_back_and_confirmed(carrier: Carrier, rescue: Saved) -> None:
    call = await asked(carrier)
    await hears(call, CONFIRM_HZ)
    call.press("2")
    await hears(call, ASK_HZ)
    call.press("0990123456#")  # premium rate
    await hears(call, WRONG_HZ)
    await hears(call, ASK_HZ)
    call.press(f"{OTHER}#")
    await hears(call, CONFIRM_HZ)
    call.press("1")
    await hears(call, THANKS_HZ)
    assert [("callback.number_left", "+81598531234", "+819012345678")] == rescue.wishes()
    await call.over.wait()


async def test_a_withheld_number_is_not_suggested_but_asked_for(carrier: Carrier, rescue: Saved) -> None:
    call = await asked(carrier, caller=None)
    await hears(call, ASK_HZ)
    call.press(f"{OTHER}#")
    await hears(call, CONFIRM_HZ)
    call.press("1")
    await hears(call, THANKS_HZ)
    assert [("callback.number_left", "+81598531234", None)] == rescue.wishes()
    await call.over.wait()


async def test_whoever_is_one_too_many_may_leave_a_number_by_key(
    ari: Ari, asterisk: RunningAsterisk, carrier: Carrier, rescue: Saved
) -> None:
    write_tone(asterisk.layout.sounds / "surge-callback.sln16", seconds=3, hertz=SURGE_HZ)
    async with Driver(ari) as driver:
        await begin_of_a_second()
        first = [carrier.call(DIALLED, caller=OTHER, sound=False) for _ in range(MAX_NEW_PER_S)]
        for _ in first:
            await driver.arrived()
        late = carrier.call(DIALLED, caller=CALLER)
        await hears(late, SURGE_HZ)
        late.press("1")
        await hears(late, CONFIRM_HZ)
        late.press("1")
        await hears(late, THANKS_HZ)
        assert [("callback.number_left", "+819012345678", "+819012345678")] == rescue.wishes()
        for call in (*first, late):
            call.leave()
            await call.over.wait()


async def test_with_the_rescue_dead_too_there_is_a_plain_announcement(
    asterisk: RunningAsterisk, carrier: Carrier
) -> None:
    asterisk.cli(f"dialplan set global MADOGUCHI_RESCUE 127.0.0.1:{NOBODY}")
    call = carrier.call(DIALLED, caller=CALLER)
    await call.answered.wait()
    await hears(call, SORRY_HZ)
    await call.over.wait()


async def test_a_connection_that_says_nothing_stops_nobody(
    asterisk: RunningAsterisk, carrier: Carrier, rescue: Saved
) -> None:
    for rubbish in (b"", b"agi_network: yes", b"x" * 20_000):
        _, writer = await asyncio.open_connection("127.0.0.1", _port(asterisk))
        writer.write(rubbish)
        writer.close()
    call = await asked(carrier)
    call.leave()
    await call.over.wait()
    assert [] == rescue.wishes()


async def test_callers_of_a_controller_that_hangs_hear_why_and_come_back_to_the_next_one(
    ari: Ari, carrier: Carrier, rescue: Saved
) -> None:
    async with Driver(ari) as hung:
        waiting = carrier.call(DIALLED, caller=CALLER)
        leg = await hung.arrived()
        await ari.answer(leg)
        await ari.start_music(leg)
        await hears(waiting, MUSIC_HZ)
        rescue.stop_beating()
        await hears(waiting, UNAVAILABLE_HZ)
        assert 4711 in rescue.killed
    rescue.heartbeat.unlink()
    async with Driver(ari) as driver:
        await rescue.manager.set_global(DRIVER_VARIABLE, "1")
        assert leg == await driver.arrived()
        waiting.leave()
        await waiting.over.wait()


async def test_somebody_who_talks_is_left_alone(
    ari: Ari, carrier: Carrier, phone: Callable[[str], Phone], rescue: Saved
) -> None:
    desk = phone("201")
    await desk.register()
    async with Driver(ari) as hung:
        talking = carrier.call(DIALLED, caller=OTHER)
        await hung.offer(await hung.arrived(), "201*10*1*n")
        ring = await desk.next_ring()
        ring.answer()
        ring.say(OPERATOR_HZ)
        held = carrier.call(DIALLED, caller=CALLER)
        await ari.answer(await hung.arrived())
        rescue.stop_beating()
        await hears(held, UNAVAILABLE_HZ)
        await hears(talking, OPERATOR_HZ)
    for call in (held, talking):
        call.leave()
        await call.over.wait()


def _a_line(asterisk: RunningAsterisk, number: int) -> None:
    """Let Asterisk write a line: somebody whom nobody knows signs in at its manager."""
    login = f"Action: Login\r\nUsername: line-{number}.\r\nSecret: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", asterisk.ami_port), timeout=LIMIT_S) as stranger:
        stranger.sendall(login.encode())
        while stranger.recv(1_024):
            pass


async def test_asterisks_logs_are_begun_anew_and_no_line_is_lost(
    asterisk: RunningAsterisk, carrier: Carrier, rescue: Saved
) -> None:
    """A caller is there all the while; the oldest logs go."""
    call = await asked(carrier)
    folder = asterisk.layout.asterisk / "log"
    logs = AsteriskLogs(folder, rescue.manager, largest=0)
    for number in range(KEPT + 2):
        await asyncio.to_thread(_a_line, asterisk, number)
        await until(lambda number=number: f"line-{number}." in (folder / "messages.log").read_text())
        await logs.once()
    await asyncio.to_thread(_a_line, asterisk, KEPT + 2)
    await until(lambda: f"line-{KEPT + 2}." in (folder / "messages.log").read_text())
    found = sorted((int(file.suffix[1:]), file.read_text()) for file in folder.glob("messages.log.*"))
    assert list(range(KEPT)) == [number for number, _ in found]
    assert all(f"line-{KEPT + 1 - number}." in text for number, text in found)
    assert not call.over.is_set()
