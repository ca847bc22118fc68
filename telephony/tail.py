"""What the journal has not committed yet, in files that outlive the process.

A fact is in the tail before `Tail.write` returns: one write to a file, without waiting for the disk. So it
survives the death of the process at any instant (a commit follows within a moment and survives the machine's
death, too). The next process puts what was left behind into the spool (`replay`); the spool remembers for
each tail up to which number it holds everything, so that nothing goes in twice.

A tail is two files that are written in turn: one is emptied when everything in it is committed.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from telephony.spool import Mark, Spool

SEGMENT_BYTES = 256 * 1024
"""A few hundred calls; small enough to be read in milliseconds at the next start."""


class Tail:
    """The tail of this process, beside the spool. `write` belongs to one thread. Raises OSError."""

    def __init__(self, spool_file: Path) -> None:
        self.name = f"{time.time_ns()}-{os.getpid()}"
        self._files = _files(spool_file, self.name)
        self._segments = [os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) for file in self._files]
        fcntl.flock(self._segments[0], fcntl.LOCK_EX)
        self._now = 0
        self._size = 0
        self._last = [0, 0]
        self._number = 0
        self._committed = 0

    def write(self, entries: Sequence[bytes]) -> Mark:
        """Keep *entries* (each on one line, `telephony.encoding.encode`) and return the mark of the last.

        A full disk keeps nothing and is not an error here: they wait in memory like all others, and the
        spool, which is on the same disk, raises the alarm.
        """
        if self._size > SEGMENT_BYTES:
            self._turn()
        lines = b"".join(b"%d %s\n" % line for line in enumerate(entries, self._number + 1))
        self._number += len(entries)
        try:
            written = os.write(self._segments[self._now], lines)
            if written < len(lines):
                os.write(self._segments[self._now], b"\n")  # ends the torn line, which nobody will take
        except OSError:
            written = 0
        self._size += written
        self._last[self._now] = self._number
        return Mark(self.name, self._number)

    def committed(self, mark: Mark) -> None:
        """Everything up to *mark* is in the spool. May be called from any thread."""
        self._committed = mark.number

    def remove(self) -> None:
        """Everything is committed and nothing more will come."""
        for file in self._files:
            file.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Give the files back; what is in them is for the next process."""
        for segment in self._segments:
            os.close(segment)

    def _turn(self) -> None:
        """Go on in the other file, if everything in it is committed."""
        other = 1 - self._now
        if self._last[other] > self._committed:
            return
        os.ftruncate(self._segments[other], 0)
        self._now, self._size = other, 0


def replay(spool_file: Path, spool: Spool) -> int:
    """Put what dead processes left behind into *spool*; return how many entries that were.

    Raises OSError and `sqlite3.Error`; then everything is still there for the next time.
    """
    found = 0
    for first in sorted(spool_file.parent.glob(f"{spool_file.name}.tail-*.0")):
        name = first.name.removeprefix(f"{spool_file.name}.tail-").removesuffix(".0")
        with first.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its process lives
            files = _files(spool_file, name)
            entries = dict(sorted(entry for file in files for entry in _entries(file)))
            found += spool.replay(name, entries)
            for file in files:
                file.unlink(missing_ok=True)
    return found


def _files(spool_file: Path, name: str) -> tuple[Path, Path]:
    first, second = (spool_file.with_name(f"{spool_file.name}.tail-{name}.{turn}") for turn in (0, 1))
    return first, second


def _entries(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and entry of every whole line."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return
    for line in content.split(b"\n")[:-1]:
        number, _, entry = line.partition(b" ")
        if number.isdigit() and entry.startswith(b"[") and entry.endswith(b"]"):
            yield int(number), entry
