"""The door: user and password in, person out; and how often somebody may try.

Failures are counted for a user *at an address*, and the wait they cause is short: whoever guesses from
elsewhere cannot keep the real user out.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from agents.passwords import matches
from agents.people import Person
from agents.roster import Roster
from telephony.model.ids import AgentName

log = structlog.get_logger(__name__)

FREE_TRIES = 5
DOUBLINGS = 5
"""The wait doubles from 1 s to 32 s: tedious to guess with, bearable for a neighbour at that address."""

MOST_AT_ONCE = 32
"""Comparisons that may wait for their turn, a second's worth; a flood is put off before it fills memory."""

FORGIVEN_AFTER_S = 900.0
MOST_COUNTED = 10_000
"""Pairs of user and address that are remembered; when there are more, the oldest are forgiven."""


class WrongPassword(Exception):
    """User and password do not belong together; which of them is wrong is not said."""


class TooManyTries(Exception):
    """Try again after *wait_s* seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Too many wrong passwords; try again in {wait_s:.0f} seconds.")
        self.wait_s = wait_s


@dataclass(slots=True)
class _Failures:
    count: int
    last: float


class Door:
    """Signs people in. *clock* is monotonic seconds."""

    def __init__(self, roster: Roster, clock: Callable[[], float] = time.monotonic) -> None:
        self._roster, self._clock = roster, clock
        self._failures: dict[tuple[str, str], _Failures] = {}
        self._comparing = 0

    async def sign_in(self, user: str, password: str, address: str) -> Person:
        """Return who it is. Raises `WrongPassword` or `TooManyTries`."""
        key = (user, address)
        self._refuse_too_many(key)
        person = self._roster.people.get(AgentName(user))
        if self._comparing >= MOST_AT_ONCE:
            raise TooManyTries(1.0)
        # Counted before the comparison, which takes a while in a thread: parallel tries count too.
        self._count(key)
        if not await self._matches(person, password) or person is None:
            log.info("session.refused", user=user, address=address)
            raise WrongPassword("User or password is wrong.")
        self._failures.pop(key, None)
        return person

    async def _matches(self, person: Person | None, password: str) -> bool:
        self._comparing += 1
        try:
            return await matches(None if person is None else person.password_hash, password)
        finally:
            self._comparing -= 1

    def _refuse_too_many(self, key: tuple[str, str]) -> None:
        failures = self._failures.get(key)
        if failures is None or failures.count < FREE_TRIES:
            return
        since = self._clock() - failures.last
        if since > FORGIVEN_AFTER_S:
            del self._failures[key]
            return
        wait = 2.0 ** min(failures.count - FREE_TRIES, DOUBLINGS) - since
        if wait > 0:
            raise TooManyTries(wait)

    def _count(self, key: tuple[str, str]) -> None:
        failures = self._failures.pop(key, _Failures(0, 0.0))
        if len(self._failures) >= MOST_COUNTED:
            del self._failures[next(iter(self._failures))]
        self._failures[key] = _Failures(failures.count + 1, self._clock())
