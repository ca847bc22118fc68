"""The engine's clock: wall-clock seconds that never jump.

Anchored to the wall clock once, at start, and carried on by the monotonic clock: when somebody sets the
machine's time an hour back, timers and waiting times do not notice. Nothing else in the house reads time.
"""

import time

from telephony.model.ids import Instant


class SteadyClock:
    """Seconds since 1970 UTC, never going back."""

    def __init__(self) -> None:
        self._anchor = time.time() - time.monotonic()

    def now(self) -> Instant:
        """Return the present instant."""
        return Instant(self._anchor + time.monotonic())
