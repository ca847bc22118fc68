"""The least that drives calls: holds the application's websocket and waits for what Asterisk says on it."""

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from telephony.asterisk.client import Ari
from telephony.model.ids import LegId

LIMIT_S = 10

OFFER = "offer"


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that tells nobody when it happens: a file that grows, a list that empties."""
    async with asyncio.timeout(LIMIT_S):
        while not true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.02)


class Driver:
    """While entered, somebody drives the calls; outside, Asterisk is on its own."""

    def __init__(self, ari: Ari) -> None:
        self.ari = ari

    async def __aenter__(self) -> Self:
        self._socket = await self.ari.open_events(heartbeat_s=20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def next(self, kind: str) -> dict[str, Any]:
        """Return the next event of *kind*, skipping others."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                message: dict[str, Any] = json.loads(await self._socket.receive_str())
                if message["type"] == kind:
                    return message

    async def entered(self) -> tuple[list[str], dict[str, Any]]:
        """Return the arguments and the channel of the next call that enters the application."""
        message = await self.next("StasisStart")
        return message["args"], message["channel"]

    async def arrived(self) -> LegId:
        """Return the next caller's leg."""
        arguments, channel = await self.entered()
        assert arguments[0] == "arrived"
        return LegId(channel["id"])

    async def offer(self, leg: LegId, what: str) -> None:
        """Send a caller to the operators' phones: ``201*20*1*r``."""
        await self.ari.continue_in(leg, OFFER, what)
