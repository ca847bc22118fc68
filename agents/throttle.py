"""How often somebody may try: a few tries are free, then each needs a longer pause, up to a bound.

The bound is short on purpose. Whoever is throttled can always try again within it, so a throttle slows
guessing down without ever locking anybody out.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

FORGIVEN_AFTER_S = 900.0
MOST_COUNTED = 10_000
"""Keys that are remembered; when there are more, the oldest are forgiven."""


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: float


class Throttle:
    """Counts failures by key. *clock* is monotonic seconds; the pause doubles from 1 s, *doublings* times."""

    def __init__(self, free: int, doublings: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free, self._doublings, self._clock = free, doublings, clock
        self._failures: dict[Hashable, _Failures] = {}

    def wait_s(self, key: Hashable) -> float:
        """Return how long *key* must still wait; 0 or less: not at all."""
        failures = self._failures.get(key)
        if failures is None or failures.count < self._free:
            return 0.0
        since = self._clock() - failures.last
        if since > FORGIVEN_AFTER_S:
            del self._failures[key]
            return 0.0
        return 2.0 ** min(failures.count - self._free, self._doublings) - since

    def count(self, key: Hashable) -> None:
        """One more failure, for now: it is counted before it is known, because parallel tries count too."""
        failures = self._failures.pop(key, _Failures(0, 0.0))
        if len(self._failures) >= MOST_COUNTED:
            del self._failures[next(iter(self._failures))]
        self._failures[key] = _Failures(failures.count + 1, self._clock())

    def take_back(self, key: Hashable) -> None:
        """The last try was none."""
        failures = self._failures.get(key)
        if failures is not None:
            self._failures[key] = _Failures(failures.count - 1, failures.last)

    def forgive(self, key: Hashable) -> None:
        """Forget the failures of *key*."""
        self._failures.pop(key, None)
