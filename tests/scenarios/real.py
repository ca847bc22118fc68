"""The town on the real Asterisk: SIP telephones that speak, ring and hang up."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import assert_never

from madoguchi.demo import phones as sip
from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager
from telephony.clock import SteadyClock
from telephony.model.ids import Instant
from tests.asterisk_fixture import RunningAsterisk
from tests.scenarios.stage import Person
from tests.simulation.asterisk.dial import BUSY
from tests.simulation.phones import Answer, Behaviour, Refuse, RingOut

LOOPBACK = "127.0.0.1"
DECLINE, BUSY_HERE = 603, 486


class RealTown:
    """See `tests.scenarios.stage.Town`. Close it at the end."""

    def __init__(self, asterisk: RunningAsterisk) -> None:
        self._asterisk = asterisk
        self._address = (LOOPBACK, asterisk.sip_port)
        self._carrier = sip.Carrier(self._address)
        self._phones: list[sip.Phone] = []

    @property
    def clock(self) -> tuple[Callable[[], Instant], Callable[[], float]]:
        """The product's own clocks."""
        return SteadyClock().now, time.time

    async def connect(self) -> AsyncIterator[tuple[Ari, Manager]]:
        """Yield connections to this Asterisk."""
        asterisk = self._asterisk
        async with Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password) as ari:
            yield ari, Manager((LOOPBACK, asterisk.ami_port), asterisk.user, asterisk.ami_password)

    def call(self, number: str, dialled: str) -> Person:
        """Let somebody call through the carrier."""
        return self._carrier.call(dialled, caller=number)

    async def phone(self, extension: str, behaviours: Sequence[Behaviour]) -> None:
        """Register a telephone."""
        coming = iter(behaviours)
        account = sip.Account(extension, self._asterisk.phone_password)
        phone = sip.Phone(account, self._address, behave=lambda _: _real(next(coming, RingOut())))
        self._phones.append(phone)
        await phone.register()

    async def close(self) -> None:
        """End every call and registration."""
        await self._carrier.close()
        for phone in self._phones:
            await phone.unregister()
            phone.close()


def _real(behaviour: Behaviour) -> sip.Behaviour:
    match behaviour:
        case Answer(after_s, talk_s):
            return sip.Answer(after_s, talk_s)
        case Refuse(word, after_s):
            return sip.Reject(BUSY_HERE if word == BUSY else DECLINE, after_s)
        case RingOut():
            return sip.RingOut()
        case _:
            assert_never(behaviour)
