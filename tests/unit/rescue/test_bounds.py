"""The dialplan is told what the processors bear, once, and again when it has forgotten."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import cast

from telephony.asterisk.errors import Unavailable
from telephony.asterisk.manager import Manager
from telephony.rescue import admission, voices
from telephony.rescue.bounds import Bounds
from telephony.rescue.processors import Unused

BEGINNING = 40


def test_time_that_is_used_is_seen() -> None:
    """One process for each processor that does nothing but count."""
    busy, until, unused = [sys.executable, "-c", "while True: pass"], time.monotonic() + 20, Unused()
    with ExitStack() as started:
        for _ in range(os.cpu_count() or 1):
            started.callback(started.enter_context(subprocess.Popen(busy)).kill)
        share = 1.0
        while share > 0.1 and time.monotonic() < until:
            time.sleep(0.2)
            share = unused()
            assert 0.0 <= share <= 1.0
    assert share <= 0.1


class Dialplan:
    """An Asterisk that cannot be reached at first, and notes what it is told."""

    def __init__(self, *, unreachable: int = 0, calls: Sequence[Mapping[str, str]] = ()) -> None:
        self.unreachable, self._calls = unreachable, list(calls)
        self._told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.count = 0

    async def set_global(self, name: str, value: str) -> None:
        if self.unreachable:
            self.unreachable -= 1
            raise Unavailable("nobody is there")
        self._told.put_nowait((name, value))
        self.count += 1

    async def ask(self, action: str) -> Sequence[Mapping[str, str]]:
        assert action == "CoreStatus"
        if not self._calls:
            raise Unavailable("nobody is there")
        return [self._calls.pop(0)]

    async def next(self) -> tuple[str, str]:
        async with asyncio.timeout(10):
            return await self._told.get()


def looks(dialplan: Dialplan, *shares: float) -> Bounds:
    """Return bounds that look *shares*, and the last of them for ever."""
    left = iter(shares)
    return Bounds(cast("Manager", dialplan), lambda: next(left, shares[-1]), BEGINNING)


async def test_the_dialplan_is_told_what_changes_and_all_again_when_it_has_forgotten() -> None:
    dialplan = Dialplan(unreachable=2)
    bounds = looks(dialplan, 0.9, 0.1, 0.4)
    running = asyncio.create_task(bounds.run())
    assert (voices.VARIABLE, "40") == await dialplan.next()
    assert (admission.VARIABLE, str(admission.NO_BOUND)) == await dialplan.next()
    assert (voices.VARIABLE, "28") == await dialplan.next()
    bounds.forget()
    assert (voices.VARIABLE, "28") == await dialplan.next()
    assert (admission.VARIABLE, str(admission.NO_BOUND)) == await dialplan.next()
    running.cancel()
    await asyncio.wait({running})
    assert 5 == dialplan.count, "nothing is told twice"


async def test_a_machine_that_stays_short_lets_in_as_many_calls_as_there_are() -> None:
    dialplan = Dialplan(calls=[{"CoreCurrentCalls": "180"}, {"CoreCurrentCalls": "170"}, {"other": "x"}])
    running = asyncio.create_task(looks(dialplan, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9).run())
    rooms = []
    while len(rooms) < 4:
        name, value = await dialplan.next()
        if name == admission.VARIABLE:
            rooms.append(int(value))
    assert [admission.NO_BOUND, 180, 170, admission.NO_BOUND] == rooms
    running.cancel()
    await asyncio.wait({running})
