"""How many callers beyond the bounds hear a voice follows what the processors have left."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import cast

from telephony.asterisk.errors import Unavailable
from telephony.asterisk.manager import Manager
from telephony.rescue.voices import LEAST, MOST, VARIABLE, Unused, Voices, first, next_room

BEGINNING = 40


def after(at_once: int, *unused: float) -> list[int]:
    """Return what follows from each look."""
    found = []
    for share in unused:
        at_once = next_room(at_once, share, BEGINNING)
        found.append(at_once)
    return found


def test_where_time_is_short_there_are_a_third_fewer_each_time_but_never_none() -> None:
    assert [420, 294, 205] == after(600, 0.1, 0.0, 0.34)
    assert LEAST == after(600, *[0.0] * 50)[-1]


def test_where_there_is_plenty_of_time_there_are_some_more_each_time_up_to_what_the_ports_allow() -> None:
    assert [45, 50] == after(BEGINNING, 0.6, 0.6)
    assert MOST == after(BEGINNING, *[0.6] * 150)[-1]


def test_in_between_and_in_calm_times_nothing_swings() -> None:
    assert [300, 300] == after(300, 0.36, 0.49)
    assert [BEGINNING] == after(600, 0.9)
    assert [BEGINNING] == after(LEAST, 0.9)


def test_a_large_machine_begins_with_more() -> None:
    assert (20, 40, MOST) == (first(1), first(2), first(64))


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

    def __init__(self, unreachable: int) -> None:
        self.unreachable, self.told, self.news = unreachable, list[tuple[str, str]](), asyncio.Event()

    async def set_global(self, name: str, value: str) -> None:
        if self.unreachable:
            self.unreachable -= 1
            raise Unavailable("nobody is there")
        self.told.append((name, value))
        self.news.set()

    async def next(self) -> tuple[str, str]:
        async with asyncio.timeout(10):
            await self.news.wait()
        self.news.clear()
        return self.told[-1]


async def test_the_dialplan_is_told_what_changes_and_all_again_when_it_has_forgotten() -> None:
    dialplan, shares = Dialplan(unreachable=1), iter([0.9, 0.1, 0.4, 0.4])
    voices = Voices(cast("Manager", dialplan), lambda: next(shares, 0.4), BEGINNING)
    running = asyncio.create_task(voices.run())
    assert (VARIABLE, "40") == await dialplan.next()
    assert (VARIABLE, "28") == await dialplan.next()
    voices.forget()
    assert (VARIABLE, "28") == await dialplan.next()
    running.cancel()
    await asyncio.wait({running})
    assert 3 == len(dialplan.told), "nothing is told twice"
