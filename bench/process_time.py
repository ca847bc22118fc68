"""Processor time and memory of running processes, from /proc (proc(5))."""

import os
from collections.abc import Mapping
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
UTIME, STIME = 11, 12  # counted from the state, which follows the command's closing bracket


def processor_s(pid: int) -> float:
    """Seconds of processor time that all threads of *pid* have used since its start."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[UTIME]) + int(fields[STIME])) / TICKS_PER_S


def resident_mb(pid: int) -> float:
    """Megabytes (10⁶ bytes) of memory that *pid* holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


class Stopwatch:
    """Processor time of several processes from its making on."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = dict(processes)
        self._begin = {name: processor_s(pid) for name, pid in processes.items()}

    def used(self) -> dict[str, float]:
        """Seconds by process."""
        return {name: processor_s(pid) - self._begin[name] for name, pid in self._processes.items()}
