"""The sign of life of the controller that drives the calls, and how another process reads it.

A file whose modification time is the monotonic clock, the same for all processes of one machine: setting the
wall clock changes nothing. Its content is who: process id, and name at Asterisk. The event loop renews it,
so it says more than that the process exists. It is there from the first moment in which calls are driven
until the controller stops. Where hundreds of threads want a processor, a healthy controller beats late: time
in which it was kept waiting for one is no silence.
"""

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

DRIVER_VARIABLE = "MADOGUCHI_DRIVER"
"""Dialplan global: something new whenever somebody begins to drive the calls. Who waits there comes in.
It ends with a hyphen and the name of the controller."""

EVERY_S = 0.2
_NS = 1_000_000_000


async def beat(file: Path, driver: str = "") -> None:
    """Renew *file* until cancelled, then take it away: whoever stops is not hung.

    *driver* is what this controller calls itself at Asterisk (``telephony.switchboard``).
    """
    _begin(file, driver)
    try:
        while True:
            now = time.monotonic_ns()
            os.utime(file, ns=(now, now))
            await asyncio.sleep(EVERY_S)
    finally:
        _end(file)


def _begin(file: Path, driver: str) -> None:
    file.write_text(f"{os.getpid()} {driver}".strip(), encoding="ascii")


def _end(file: Path) -> None:
    """Take the file away, unless another controller beats already."""
    if _pid(file) == os.getpid():
        file.unlink(missing_ok=True)


@dataclass(slots=True)
class Pulse:
    """Reads *file* for somebody else. *last* is the latest beat seen, nanoseconds of the monotonic clock."""

    file: Path
    last: int | None = None
    _kept_waiting_at_last: int = 0

    def silent_s(self) -> float | None:
        """Return how long no beat came although the controller had a processor.

        None while there never was a beat since this machine started.
        """
        with suppress(FileNotFoundError):
            beat_at = self.file.stat().st_mtime_ns
            if (self.last or 0) < beat_at <= time.monotonic_ns():
                self.last, self._kept_waiting_at_last = beat_at, kept_waiting_ns(self.pid())
        if self.last is None:
            return None
        excused = kept_waiting_ns(self.pid()) - self._kept_waiting_at_last
        return (time.monotonic_ns() - self.last - max(0, excused)) / _NS

    def pid(self) -> int | None:
        """Return who drives, or drove, the calls; None after an orderly stop."""
        return _pid(self.file)

    def driver(self) -> str | None:
        """Return what the controller with the last beat calls itself at Asterisk, if that is known."""
        _, *driver = _words(self.file) or [""]
        return driver[0] if driver else None


def kept_waiting_ns(pid: int | None) -> int:
    """Return how long the first thread of process *pid* was ready to run and got no processor, in its life.

    Nanoseconds; 0 when there is no such process. Where a kernel does not count it, it is always 0
    (``proc_pid_schedstat(5)``, the second figure).
    """
    try:
        _, waited, _ = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return 0
    return int(waited)


def _pid(file: Path) -> int | None:
    words = _words(file)
    return int(words[0]) if words and words[0].isdigit() else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return []
