"""Asterisk's events as one ordered stream over the websocket, across lost connections.

Every connection starts with nothing: no filter, no subscriptions. So both are set again after each one,
before the owner hears of it. Nothing is buffered here: what the owner does not take stays in the socket, and
Asterisk drops a reader that stays away for ``websocket_write_timeout``. What events mean is not known here.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import structlog

from telephony.asterisk.client import Ari
from telephony.asterisk.decode import ECHO, EVENTS, REPLACED
from telephony.asterisk.errors import AsteriskError, DecodeError, NotFound, Replaced
from telephony.asterisk.retry import waits, worth_retrying
from telephony.model.ids import LegId

HEARTBEAT_S = 4.0
"""A dead Asterisk is noticed after one and a half of these at the latest."""

QUIET_S, ECHO_LIMIT_S = 2.0, 1.0
"""After so long without an event we ask for one; if that does not come in time, nobody reports to us."""

DEAF = "Asterisk reports to nobody, though the websocket is open"

LEGS_AT_ONCE = 40
"""Keeps the request line of a subscription below Asterisk's limit of 4,096 bytes."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    """Events flow, filtered and subscribed. *gone* are the legs asked for that do not exist any more."""

    gone: tuple[LegId, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """No events until the next `Connected`; those in between are lost for ever."""

    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """One event as Asterisk sent it."""

    message: Mapping[str, Any]


Item = Connected | Received | Lost


@dataclass(slots=True)
class _Ear:
    """How many messages were heard, and whether the owner *waits* for one (else silence means nothing)."""

    heard: int = 0
    waits: bool = True
    deaf: bool = False

    def hear(self) -> None:
        self.heard += 1
        self.waits = False


class Feed:
    """The event stream of our application.

    *legs* is asked after every connect which legs the owner still follows; *quiet_s* as in `QUIET_S`.
    """

    def __init__(
        self,
        ari: Ari,
        legs: Callable[[], Iterable[LegId]],
        *,
        heartbeat_s: float = HEARTBEAT_S,
        quiet_s: float = QUIET_S,
    ) -> None:
        self._ari = ari
        self._legs = legs
        self._heartbeat_s, self._quiet_s = heartbeat_s, quiet_s

    async def listen(self) -> AsyncGenerator[Item, None]:
        """Yield `Connected`, then every `Received` in order, then `Lost`, and so on for ever.

        Close the iterator (``contextlib.aclosing``) to end the connection. Raises `Replaced` when another
        controller took over, `LoginRefused` for a wrong password, `DecodeError` for what is not JSON.
        """
        delays = waits()
        while True:
            try:
                async with aclosing(self._one_connection()) as connection:
                    async for item in connection:
                        delays = waits()
                        yield item
            except AsteriskError as error:
                await self._wait_or_give_up(error, delays)

    async def _wait_or_give_up(self, error: AsteriskError, delays: Iterator[float]) -> None:
        if not worth_retrying(error):
            raise error
        delay = next(delays)
        _log.info("asterisk.events.waiting", reason=str(error), again_in_s=round(delay, 2))
        await asyncio.sleep(delay)

    async def _one_connection(self) -> AsyncGenerator[Item, None]:
        async with await self._ari.open_events(self._heartbeat_s) as socket:
            await self._ari.allow_events(EVENTS)
            yield Connected(await self._subscribe(tuple(self._legs())))
            ear = _Ear()
            listening = asyncio.create_task(self._listen_for_silence(socket, ear), name="echo")
            try:
                async for frame in socket:
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        break
                    ear.hear()
                    message = _parse(frame.data)
                    if message.get("type") != ECHO:
                        yield Received(message)
                    ear.waits = True
            finally:
                listening.cancel()
            reason = repr(socket.exception()) if socket.exception() else f"closed with {socket.close_code}"
        yield Lost(DEAF if ear.deaf else reason)

    async def _listen_for_silence(self, socket: aiohttp.ClientWebSocketResponse, ear: "_Ear") -> None:
        """Close *socket* when Asterisk does not even send what we ask it to send.

        An earlier websocket of ours that ends late (Asterisk stood still meanwhile) takes our application
        with it: calls then go past us into the dialplan, while this websocket answers every ping.
        """
        while not ear.deaf:
            before = ear.heard
            await asyncio.sleep(self._quiet_s)
            if ear.heard != before or not ear.waits:
                continue
            try:
                await self._ari.echo()
            except NotFound:
                ear.deaf = True
            except AsteriskError:
                continue  # the heartbeat of the websocket will tell
            else:
                await asyncio.sleep(ECHO_LIMIT_S)
                ear.deaf = ear.heard == before and ear.waits
        await socket.close()

    async def _subscribe(self, legs: tuple[LegId, ...]) -> tuple[LegId, ...]:
        """Subscribe *legs* and return those that are gone.

        Asterisk refuses a whole list for one missing leg, so a refused list is halved until it fits.
        """
        if not legs:
            return ()
        if len(legs) <= LEGS_AT_ONCE:
            try:
                await self._ari.subscribe(*legs)
            except NotFound:
                if len(legs) == 1:
                    return legs
            else:
                return ()
        middle = len(legs) // 2
        return await self._subscribe(legs[:middle]) + await self._subscribe(legs[middle:])


def _parse(text: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise DecodeError("Asterisk sent an event that is not JSON.") from error
    if not isinstance(message, dict):
        raise DecodeError("Asterisk sent an event that is not an object.")
    if message.get("type") == REPLACED:
        raise Replaced("Another controller has taken over; this one ends.")
    return message
