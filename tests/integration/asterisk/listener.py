"""A controller without a model: feed, decoder, control and manager together, and tests decide."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypeVar

from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.decode import decode
from telephony.asterisk.feed import Connected, Feed, Lost, Received
from telephony.asterisk.manager import Manager, ManagerConnected
from telephony.model import commands as do
from telephony.model.events import CallArrived, CallEvent
from telephony.model.ids import CallId, Instant, LegId

LIMIT_S = 8
"""Longer than any step of a test may take on a busy machine."""

Something = TypeVar("Something")


class Inbox:
    """Everything that happened, in order; a test waits for the next thing of a kind."""

    def __init__(self) -> None:
        self.items: list[object] = []
        self._taken = 0
        self._more = asyncio.Event()

    def put(self, item: object) -> None:
        """Add what happened."""
        self.items.append(item)
        self._more.set()

    async def next(
        self, kind: type[Something], matches: Callable[[Something], bool] = lambda _: True
    ) -> Something:
        """Return the next item of *kind* that matches, skipping what came before it."""
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._next(kind, matches)
        except TimeoutError:
            raise AssertionError(f"No {kind.__name__} came. There were: {self.items}") from None

    async def _next(self, kind: type[Something], matches: Callable[[Something], bool]) -> Something:
        while True:
            while self._taken < len(self.items):
                item = self.items[self._taken]
                self._taken += 1
                if isinstance(item, kind) and matches(item):
                    return item
            self._more.clear()
            await self._more.wait()


class Controller:
    """Runs both connections while entered. Calls' events are in *events*, the rest in *links* and *ami*."""

    def __init__(self, ari: Ari, manager: Manager) -> None:
        self.ari = ari
        self.manager = manager
        self.control = Control(ari, manager)
        self.followed: list[LegId] = []
        self.events = Inbox()
        self.links = Inbox()
        self.ami = Inbox()
        self.times: dict[CallEvent, Instant] = {}
        self._feed = Feed(ari, lambda: tuple(self.followed), heartbeat_s=1.0)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._ended(self._listen(), self.links), name="feed"),
            asyncio.create_task(self._ended(self._listen_to_manager(), self.ami), name="manager"),
        ]
        await self.links.next(Connected)
        await self.ami.next(ManagerConnected)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arrived(self) -> CallId:
        """Wait for the next caller, follow the leg, and return the call."""
        arrived = await self.events.next(CallArrived)
        self.followed.append(LegId(arrived.call))
        await self.control.carry_out(do.Follow(arrived.call))
        return arrived.call

    async def _ended(self, work: Coroutine[Any, Any, None], inbox: Inbox) -> None:
        try:
            await work
        except Exception as error:
            inbox.put(error)  # a test waits for it by its type
            raise

    async def _listen(self) -> None:
        async with aclosing(self._feed.listen()) as items:
            async for item in items:
                self._take(item)

    def _take(self, item: Connected | Received | Lost) -> None:
        if not isinstance(item, Received):
            self.links.put(item)
        elif heard := decode(item.message):
            self.times[heard.event] = heard.at
            self.control.notice(heard.event)
            self.events.put(heard.event)

    async def _listen_to_manager(self) -> None:
        async with aclosing(self.manager.listen()) as items:
            async for item in items:
                self.ami.put(item)
