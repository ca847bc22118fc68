"""Commands that can be taken back for a moment: each has a token, good once, for whoever gave the command."""

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

GOOD_FOR_S = 60.0
"""Long enough to read what one has done; later the floor has moved on."""

MOST = 200

Deed = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Undoable:
    """A command that was given *by* somebody; *deed* takes it back, or raises what says why it cannot."""

    token: str
    by: str
    what: str
    until: float
    deed: Deed


class Undoing:
    """The last commands, in memory: a restart ends them. *clock* counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, Undoable] = {}

    def keep(self, by: str, what: str, deed: Deed) -> str:
        """Return the token with which *by* can take *what* back."""
        token = secrets.token_urlsafe(6)
        self._forget_old()
        self._kept[token] = Undoable(token, by, what, self._clock() + GOOD_FOR_S, deed)
        return token

    def take(self, by: str, token: str | None = None) -> Undoable | None:
        """Return the command of *token*, else the last one of *by*, once; None if there is none any more."""
        self._forget_old()
        own = [each for each in self._kept.values() if each.by == by and token in {None, each.token}]
        return self._kept.pop(own[-1].token) if own else None

    def _forget_old(self) -> None:
        now = self._clock()
        self._kept = {t: each for t, each in list(self._kept.items())[-MOST:] if each.until > now}
