"""Who has tried before and was not served, so that a repeated call is greeted as one. Nobody is ever refused.

Withheld numbers say nothing about who calls. Behind 050 numbers there is the relay service for deaf people,
whose callers need every word of the greeting: both are greeted as if for the first time.
"""

from collections.abc import Mapping

from telephony.model.facts import Outcome
from telephony.model.ids import Instant

UNSERVED = frozenset({Outcome.ABANDONED, Outcome.SHORT_ABANDONED, Outcome.CLOSED, Outcome.FAILED})
RELAY_PREFIXES = ("+8150", "050")
MOST = 50_000
"""So many numbers are remembered; beyond that the oldest is forgotten."""


class Redials:
    """Unserved attempts by number. Instants are seconds since 1970."""

    def __init__(self) -> None:
        self._tries: dict[str, tuple[int, Instant]] = {}

    def __len__(self) -> int:
        return len(self._tries)

    def ended(self, caller: str | None, outcome: Outcome, now: Instant, window_s: float) -> None:
        """A call of *caller* is over: count it, or forget the number once it was served."""
        if caller is None or caller.startswith(RELAY_PREFIXES):
            return
        tries = self.tries(caller, now, window_s)
        self._tries.pop(caller, None)
        if outcome in UNSERVED:
            self._tries[caller] = (tries + 1, now)
            if len(self._tries) > MOST:
                del self._tries[_oldest(self._tries)]

    def tries(self, caller: str | None, now: Instant, window_s: float) -> int:
        """Return how often *caller* has tried in vain, each time within *window_s* of the time before."""
        tries, last = self._tries.get(caller or "", (0, now))
        return tries if now - last <= window_s else 0


def _oldest(tries: Mapping[str, tuple[int, Instant]]) -> str:
    """Return the number that called longest ago: it stands first, because each call puts its number last."""
    return next(iter(tries))
