"""Requests that are no HTTP, which anybody who reaches the port can send: a line of the log now and then."""

import time
from collections.abc import Callable

import structlog

EVERY_S = 10.0
LONGEST_REASON = 100

log = structlog.get_logger(__name__)


class Unreadable:
    """Counts them, and says how many came since it last said so. *clock* is monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count, self._told_at = 0, -EVERY_S

    def note(self, reason: object) -> None:
        """Count one."""
        self._count += 1
        now = self._clock()
        if now - self._told_at >= EVERY_S:
            log.info("http.unreadable", requests=self._count, last=repr(str(reason)[:LONGEST_REASON]))
            self._count, self._told_at = 0, now
