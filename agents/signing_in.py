"""The door: user, password and code in, person out; and how often somebody may try.

Failures are counted three times: for the user at one address, for the user from anywhere, and for the
address. Each causes a short pause only, and the last two do not concern a browser that the user has signed
in with before: whoever guesses from elsewhere cannot keep the real user out (ADR 14).
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import structlog

from agents.devices import Devices
from agents.passwords import matches
from agents.people import Person
from agents.roster import Roster
from agents.second_factor import recovery_digest, step_of
from agents.throttle import Throttle
from telephony.model.ids import AgentName

log = structlog.get_logger(__name__)

FREE_TRIES = 5
FREE_STRANGERS = 50
"""Failures in a row that an account, or an address behind which an office may sit, has without a pause."""

DOUBLINGS = 5
"""The pause doubles from 1 s to 32 s: tedious to guess with, bearable for a neighbour at that address."""

MOST_AT_ONCE = 32
"""Comparisons that may wait for their turn, a second's worth; a flood is put off before it fills memory."""

KEPT_FOR_KNOWN = 8
"""More of them for browsers that are known, so that a flood does not stand in the way of those who work."""

_IPV6_NETWORK = 64
"""Bits of an IPv6 address that belong to one customer."""


class SignInRefused(Exception):
    """The person was not let in; the message says why."""


class WrongPassword(SignInRefused):
    """User and password do not belong together; which of them is wrong is not said."""


class CodeNeeded(SignInRefused):
    """The password is right; the account also needs a code."""


class WrongCode(SignInRefused):
    """The code is wrong, too old, or was used before."""


class AccountDisabled(SignInRefused):
    """The password is right, but the account is disabled."""


class TooManyTries(Exception):
    """Try again after *wait_s* seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"Too many failed tries; try again in {max(1, round(wait_s))} seconds.")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Knock:
    """One try. *code* is a one-time or recovery code; *device* the browser's cookie for this user."""

    user: str
    password: str
    address: str
    code: str | None = None
    device: str = ""


class Door:
    """Signs people in. *clock* is monotonic seconds, *now* seconds since 1970."""

    def __init__(
        self,
        roster: Roster,
        devices: Devices,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._roster, self._devices, self.now = roster, devices, now
        self._near = Throttle(FREE_TRIES, DOUBLINGS, clock)
        self._strangers = Throttle(FREE_STRANGERS, DOUBLINGS, clock)
        self._comparing = 0

    async def sign_in(self, knock: Knock) -> Person:
        """Return who it is. Raises `SignInRefused` or `TooManyTries`."""
        device = self._devices.known(knock.user, knock.device)
        counted = self._counters(knock, device)
        with self._taking_turns(known=device is not None):
            self._refuse_too_many(counted)
            # Counted before the comparison, which takes a while in a thread: parallel tries count too.
            for throttle, key in counted:
                throttle.count(key)
            try:
                person = await self._check(knock)
            except (CodeNeeded, AccountDisabled):
                self._take_back(counted)
                raise
            except SignInRefused as refusal:
                log.info(
                    "session.refused", user=knock.user, address=knock.address, why=type(refusal).__name__
                )
                raise
        self._take_back(counted)
        self._near.forgive(counted[0][1])
        return person

    async def _check(self, knock: Knock) -> Person:
        person = self._roster.people.get(AgentName(knock.user))
        right = await matches(None if person is None else person.credentials.password_hash, knock.password)
        if person is None or not right:
            raise WrongPassword("User or password is wrong.")
        if person.credentials.disabled:
            raise AccountDisabled("This account is disabled; ask operations staff.")
        if person.credentials.totp_confirmed:
            await self.check_code(person, knock.code)
        return person

    async def check_code(self, person: Person, code: str | None) -> None:
        """Take one code of *person*. Raises `CodeNeeded`, `WrongCode` or `agents.ports.Unavailable`."""
        if not code:
            raise CodeNeeded("Enter the code that your authenticator shows, or a recovery code.")
        step = step_of(person.credentials.totp_secret or "", code, self.now())
        if step is None:
            used = await self._roster.use_recovery_code(person.name, recovery_digest(code))
        else:
            used = await self._roster.use_code(person.name, step)
        if not used:
            raise WrongCode("The code is wrong, too old or already used; wait for the next one.")

    async def prove_password(self, person: Person, password: str) -> None:
        """Ask somebody who is signed in for the password again. Raises `WrongPassword` or `TooManyTries`."""
        counted: list[tuple[Throttle, Hashable]] = [(self._near, ("signed in", person.name))]
        self._refuse_too_many(counted)
        self._near.count(counted[0][1])
        if not await matches(person.credentials.password_hash, password):
            raise WrongPassword("The present password is wrong.")
        self._near.forgive(counted[0][1])

    # --- how often -------------------------------------------------------------------------------

    def _counters(self, knock: Knock, device: str | None) -> list[tuple[Throttle, Hashable]]:
        if device is not None:
            return [(self._near, ("device", knock.user, device))]
        source = _network(knock.address)
        return [
            (self._near, ("address", knock.user, source)),
            (self._strangers, ("user", knock.user)),
            (self._strangers, ("source", source)),
        ]

    @staticmethod
    def _refuse_too_many(counted: list[tuple[Throttle, Hashable]]) -> None:
        wait = max(throttle.wait_s(key) for throttle, key in counted)
        if wait > 0:
            raise TooManyTries(wait)

    @staticmethod
    def _take_back(counted: list[tuple[Throttle, Hashable]]) -> None:
        for throttle, key in counted:
            throttle.take_back(key)

    @contextmanager
    def _taking_turns(self, *, known: bool) -> Iterator[None]:
        if self._comparing >= MOST_AT_ONCE + (KEPT_FOR_KNOWN if known else 0):
            raise TooManyTries(1.0)
        self._comparing += 1
        try:
            yield
        finally:
            self._comparing -= 1


def _network(address: str) -> str:
    """Return what one customer of a network provider has: an IPv4 address, or 64 bits of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(int(parsed) >> (128 - _IPV6_NETWORK))
    return address
