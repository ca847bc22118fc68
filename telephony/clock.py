"""The engine's clock: seconds since 1970 that never jump, whatever is done to the machine's clock.

Anchored to the machine's clock once, and carried on by the monotonic one: when somebody sets the time an hour
back, timers, waiting times and places in line do not notice. The anchor is kept in a file, so that the next
controller goes on in the same time. The machine's clock is followed when nobody's waiting is measured
(`keep_time`), so that opening hours and records are not wrong for longer (docs/adr/0028).
"""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from telephony.model.ids import Instant

SET_S = 1.0
"""Clocks that differ by less were not set by anybody: a time service corrects so much."""

LOOK_EVERY_S = 1.0
BOOT = Path("/proc/sys/kernel/random/boot_id")
"""The monotonic clock counts from the machine's start: an anchor from before that means nothing."""

log = structlog.get_logger(__name__)


class SteadyClock:
    """Seconds since 1970 UTC, never going back. *file* is where the anchor is kept, if anywhere.

    *machine* is the clock that people set, *steady* the one that nobody can.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        machine: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file, self._machine, self._steady = file, machine, steady
        kept = None if file is None else _read(file)
        if kept is None:
            self.follow()
        else:
            self._anchor = kept

    def now(self) -> Instant:
        """Return the present instant."""
        return Instant(self._anchor + self._steady())

    def ahead_s(self) -> float:
        """Return how far the machine's clock was set ahead of this one; negative: behind it."""
        return self._machine() - self.now()

    def follow(self) -> None:
        """Agree with the machine's clock again. What is being measured becomes wrong by the difference."""
        self._anchor = self._machine() - self._steady()
        if self._file is not None:
            _write(self._file, self._anchor)


async def keep_time(clock: SteadyClock, is_quiet: Callable[[], bool]) -> None:
    """Follow the machine's clock whenever it was set and *is_quiet* says that nothing is measured."""
    told = False
    while True:
        ahead_s = clock.ahead_s()
        was_set = abs(ahead_s) > SET_S
        if was_set and not told:
            log.warning("clock.was_set", ahead_s=round(ahead_s, 3))
        if was_set and is_quiet():
            clock.follow()
            log.info("clock.followed", by_s=round(ahead_s, 3))
        told = was_set
        await asyncio.sleep(LOOK_EVERY_S)


def _read(file: Path) -> float | None:
    try:
        kept = json.loads(file.read_text(encoding="ascii"))
        return float(kept["anchor"]) if kept["boot"] == _boot() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, anchor: float) -> None:
    beside = file.with_suffix(".new")
    try:
        beside.write_text(json.dumps({"boot": _boot(), "anchor": anchor}), encoding="ascii")
        beside.replace(file)
    except OSError as error:
        log.warning("clock.not_kept", reason=str(error))


def _boot() -> str:
    return BOOT.read_text(encoding="ascii").strip()
