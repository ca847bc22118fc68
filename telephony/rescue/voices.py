"""How many callers beyond the bounds hear an announcement at once: as many as the machine has time for.

Each costs Asterisk as much as somebody who waits with music, and how much that is depends on the machine and
the hour. Too many would take the time from those who are served (docs/adr/0010-overload.md): so there are
fewer quickly while time is short, more slowly while there is plenty. Whoever finds no room hears a busy tone.
In calm times the number is a modest one.
"""

import os

from telephony.rescue.processors import CALM, PLENTY, SHORT

VARIABLE = "MADOGUCHI_VOICES"
"""Dialplan global. A restarted Asterisk has forgotten it; the dialplan has a number for that time."""

LEAST, MOST = 5, 600
A_PROCESSOR = 20
"""To begin with, for each processor: a twentieth of its time, where one costs 2.6 ms of a second."""

FEWER, MORE = 0.7, 5


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
