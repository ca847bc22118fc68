"""How many callers beyond the bounds hear an announcement at once: as many as the machine has time for.

Each costs Asterisk as much as somebody who waits with music, and how much that is depends on the machine and
the hour. Too many would take the time from those who are served (docs/adr/0010-overload.md), so the rescue
looks at the processors and tells the dialplan: fewer quickly while they are short of time, more slowly while
they have plenty. Whoever finds no room hears a busy tone. In calm times the number is a modest one.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import structlog

from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.manager import Manager

VARIABLE = "MADOGUCHI_VOICES"
"""Dialplan global. A restarted Asterisk has forgotten it; the dialplan has a number for that time."""

LEAST, MOST = 5, 600
A_PROCESSOR = 20
"""To begin with, for each processor: a twentieth of its time, where one costs 2.6 ms of a second."""

LOOK_EVERY_S = 0.5
SHORT, PLENTY, CALM = 0.35, 0.5, 0.8
"""Shares of the processors' time that nobody uses. Calls are late long before there is none left."""

FEWER, MORE = 0.7, 5

log = structlog.get_logger(__name__)


def first(processors: int | None = None) -> int:
    """Return how many a machine with so many *processors* (default: this one) begins with."""
    return min(MOST, A_PROCESSOR * (processors or os.cpu_count() or 1))


def next_room(at_once: int, unused: float, beginning: int) -> int:
    """Return how many may hear one now, after *at_once* left the share *unused* of the processors' time."""
    if unused < SHORT:
        return max(LEAST, int(at_once * FEWER))
    if unused > CALM:
        return beginning
    return min(MOST, at_once + MORE) if unused > PLENTY else at_once


class Unused:
    """The share of all processors' time that nobody used between two calls; low priority is nobody."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def __call__(self) -> float:
        """Return it, 0 to 1."""
        now, before = psutil.cpu_times(), self._before
        self._before = now
        # The time of guests is in that of users already.
        kinds = [kind for kind in now._fields if "guest" not in kind]
        spent = {kind: getattr(now, kind) - getattr(before, kind) for kind in kinds}
        total = sum(spent.values())
        return (spent["idle"] + spent["iowait"] + spent["nice"]) / total if total > 0 else 1.0


@dataclass(slots=True)
class Voices:
    """Keeps the dialplan informed. *unused* says what share of the processors' time was left."""

    manager: Manager
    unused: Callable[[], float]
    beginning: int
    told: int | None = None

    async def run(self) -> None:
        """Look and tell until cancelled."""
        at_once = self.beginning
        while True:
            if at_once != self.told:
                await self._tell(at_once)
            await asyncio.sleep(LOOK_EVERY_S)
            at_once = next_room(at_once, self.unused(), self.beginning)

    def forget(self) -> None:
        """Tell it again: another Asterisk knows nothing."""
        self.told = None

    async def _tell(self, at_once: int) -> None:
        try:
            await self.manager.set_global(VARIABLE, str(at_once))
        except AsteriskError as error:
            log.debug("rescue.voices_not_told", reason=str(error))
        else:
            self.told = at_once
