"""Delivers over HTTP: one POST a change, signed, under its key; tried again until the city's system answers.

The pauses of one change stand in the database; how long everybody rests after a failure that concerns all
(no connection, wrong secret, overload) is known to this process alone and forgotten with it.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import structlog

from booking.delivery.change import Change, body_of, signature
from booking.delivery.store import Store
from booking.outgoing.answers import Later, Refused, Taken, Verdict, verdict
from booking.outgoing.pauses import pause_s
from booking.outgoing.surroundings import Surroundings
from config.schema.delivery import Delivery
from config.secret_files import SecretError, read_secret

AT_ONCE = 4
"""Changes of different reservations that are under way together."""

LONGEST_ANSWER = 64 * 1024
_GONE = 410

log = structlog.get_logger(__name__)


class HttpCarrier:
    """Fills `booking.delivery.ports.Carrier`. *secret* is the file with what changes are signed with."""

    def __init__(self, store: Store, rules: Delivery, secret: Path, around: Surroundings) -> None:
        self._store, self._rules, self._secret = store, rules, secret
        self._clock, self._chance, self._stamp = around.clock, around.chance, around.stamp
        self._stopping = around.stopping
        self._failures = 0
        self._rest_until: datetime | None = None

    async def carry(self) -> int:
        """Deliver until nothing is due or everybody must rest."""
        if self._idle:
            return 0
        await self._store.reopen()
        try:
            secret = await asyncio.to_thread(read_secret, self._secret)
        except SecretError as error:
            await self._store.stuck(str(error))
            self._rest(Later(str(error), everybody=True))
            return 0
        settled, limit = 0, aiohttp.ClientTimeout(total=self._rules.timeout_s)
        async with aiohttp.ClientSession(timeout=limit) as http:
            while not self._idle and (heads := await self._store.heads(self._clock(), AT_ONCE)):
                settled += await self._deliver(http, heads, secret)
        return settled

    @property
    def _idle(self) -> bool:
        rests = self._rest_until is not None and self._clock() < self._rest_until
        return rests or self._stopping()

    async def _deliver(self, http: aiohttp.ClientSession, heads: list[Change], secret: bytes) -> int:
        found = await asyncio.gather(*(self._send(http, change, secret) for change in heads))
        settled = 0
        for change, said in zip(heads, found, strict=True):
            settled += await self._settle(change, said)
        troubles = [said for said in found if isinstance(said, Later) and said.everybody]
        if troubles:
            self._rest(troubles[0])
        else:
            self._failures = 0
        return settled

    async def _send(self, http: aiohttp.ClientSession, change: Change, secret: bytes) -> Verdict:
        body, timestamp = body_of(change), int(self._stamp())
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": change.key,
            "Madoguchi-Timestamp": str(timestamp),
            "Madoguchi-Signature": signature(secret, timestamp, change.key, body),
        }
        url = str(self._rules.url)
        try:
            # A redirect would carry personal data to somewhere that nobody has agreed on.
            async with http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                said = await answer.content.read(LONGEST_ANSWER)
                if answer.status == _GONE and change.cancels:
                    return Taken()  # what was to be cancelled is not there: just as wanted
                return verdict(answer.status, said, answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Later(f"no answer ({type(error).__name__})", everybody=True)

    async def _settle(self, change: Change, said: Verdict) -> int:
        now = self._clock()
        match said:
            case Taken():
                return await self._store.delivered([change.key], now)
            case Refused(reason=reason):
                log.warning("delivery.refused", key=change.key)
                return await self._store.refused(change.key, reason, now)
            case Later(reason=reason):
                pause = self._pause(change.attempts + 1, said)
                await self._store.later(change.key, reason, now + timedelta(seconds=pause))
        return 0

    def _rest(self, said: Later) -> None:
        self._failures += 1
        pause = self._pause(self._failures, said)
        self._rest_until = self._clock() + timedelta(seconds=pause)
        # What comes after the colon is somebody else's text, which may name people.
        log.warning("delivery.rests", reason=said.reason.partition(":")[0], seconds=round(pause, 1))

    def _pause(self, failures: int, said: Later) -> float:
        """Return seconds; the other side may ask for more, but never for more than the longest."""
        rules = self._rules
        own = pause_s(failures, rules.first_pause_s, rules.longest_pause_s, self._chance)
        return max(own, min(said.after_s, rules.longest_pause_s))
