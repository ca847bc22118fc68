"""Counts ERROR and WARNING lines in Asterisk's log as they come. Reads files; never sees a call.

What is shown of a line has its digits hidden: a line may name who called.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from booking.outgoing.answers import one_line
from madoguchi.alerts.readings import Lines

MOST_AT_ONCE = 1024 * 1024
"""Bytes read at one look; a storm of lines is counted to the end of the log in a few looks."""

LONGEST_SHOWN = 160

_LINE = re.compile(rb"^\[[^\]]*\] (ERROR|WARNING)\[[^\]]*\](?:\[[^\]]*\])?: (.*)$")
_DIGITS = re.compile(r"\d{4,}")


class LogLines:
    """Follows one file from where it ends now, also when it is rotated."""

    def __init__(self, file: Path, clock: Callable[[], float]) -> None:
        self._file, self._clock = file, clock
        self._inode, self._place = self._where()
        self._rest = b""
        self._seen: deque[tuple[float, bytes]] = deque()
        self._latest = ""

    def look(self, span_s: float, ignored: Iterable[str]) -> Lines:
        """Read what is new and return the counts of the last *span_s* seconds. Raises OSError."""
        now, harmless = self._clock(), [text.encode() for text in ignored]
        for line in self._new():
            found = _LINE.match(line)
            if found is not None and not any(text in line for text in harmless):
                self._seen.append((now, found[1]))
                self._latest = _shown(found[2])
        while self._seen and now - self._seen[0][0] > span_s:
            self._seen.popleft()
        errors = sum(level == b"ERROR" for _, level in self._seen)
        return Lines(errors, len(self._seen) - errors, self._latest)

    def _where(self) -> tuple[int, int]:
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_size

    def _new(self) -> list[bytes]:
        inode, size = self._where()
        if inode != self._inode or size < self._place:
            self._inode, self._place, self._rest = inode, 0, b""
        if size == self._place:
            return []
        with self._file.open("rb") as opened:
            opened.seek(self._place)
            read = opened.read(MOST_AT_ONCE)
        self._place += len(read)
        *lines, self._rest = (self._rest + read).split(b"\n")
        return lines


def _shown(text: bytes) -> str:
    return one_line(_DIGITS.sub("…", text.decode(errors="replace")), LONGEST_SHOWN)
