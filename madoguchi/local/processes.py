"""Processes by the records that ``recorded.sh`` writes: who still lives, and ending those who should not.

A record is a process id, its start time and the boot it belongs to, so a number that the kernel has given to
somebody else is never signalled.
"""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("recorded.sh")
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this copy. *started* is in clock ticks since boot, *boot* the kernel's boot id."""

    name: str
    pid: int
    started: int
    boot: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs; one that ended and waits for its parent does not."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return False
        state, *fields = stat.rpartition(")")[2].split()
        return self.boot == _boot() and state not in "ZX" and int(fields[18]) == self.started

    def send(self, number: signal.Signals) -> None:
        """Signal the process if it still lives."""
        if self.alive:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return  # it ended in this very moment


def record_file(directory: Path, name: str) -> Path:
    """Return where the record of *name* lies."""
    return directory / f"{name}.process"


def recorded(directory: Path, name: str, argv: Iterable[str]) -> list[str]:
    """Return the command that runs *argv* and writes its record first."""
    return ["sh", str(_SCRIPT), str(record_file(directory, name)), *argv]


def read(directory: Path, name: str) -> Process | None:
    """Return the process that was last recorded as *name*."""
    try:
        pid, started, boot = record_file(directory, name).read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return None
    return Process(name, int(pid), int(started), boot)


def living(directory: Path) -> list[Process]:
    """Return every recorded process that still runs."""
    names = (path.stem for path in sorted(directory.glob("*.process")))
    return [process for name in names if (process := read(directory, name)) and process.alive]


def end(processes: Iterable[Process], gentle: signal.Signals, patience_s: float) -> None:
    """Ask all of *processes* to stop, wait for *patience_s* seconds, then kill those that are left."""
    left = list(processes)
    for number, wait_s in ((gentle, patience_s), (signal.SIGKILL, patience_s)):
        for process in left:
            process.send(number)
        left = wait_until_gone(left, wait_s)


def wait_until_gone(processes: Iterable[Process], limit_s: float) -> list[Process]:
    """Return those of *processes* that still live after at most *limit_s* seconds."""
    deadline = time.monotonic() + limit_s
    left = [process for process in processes if process.alive]
    while left and time.monotonic() < deadline:
        time.sleep(_POLL_S)
        left = [process for process in left if process.alive]
    return left


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
