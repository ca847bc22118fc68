"""The Stasis application: who listens, to which legs, and which events pass (``res/stasis/app.c``).

Events of one leg keep their order; those of different legs overtake each other as the seed wants.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Any

import orjson

from tests.simulation.asterisk.channel import Channel, stamp
from tests.simulation.network import Network

ENDED = None
"""What a websocket brings when it is closed."""


class Session:
    """One websocket. What Asterisk sends arrives in order; what is under way when it breaks is lost."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._arrived: deque[str | None] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._last = 0.0
        self.closed = False

    def send(self, text: str) -> None:
        """Send one event on its way."""
        loop = asyncio.get_running_loop()
        self._last = max(self._last, loop.time() + self._network.delay())
        loop.call_at(self._last, self._arrive, text)

    def close(self) -> None:
        """Break: the reader finds the end, and nothing comes any more."""
        self._arrive(ENDED)
        self.closed = True

    async def receive(self) -> str | None:
        """Return the next event, or `ENDED`."""
        while not self._arrived:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return self._arrived.popleft()

    def _arrive(self, text: str | None) -> None:
        if self.closed:
            return
        self._arrived.append(text)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class Application:
    """Our application. It lives while somebody listens or a leg is followed; a new one lets all through."""

    def __init__(self, network: Network, wall: Callable[[], float]) -> None:
        self._network = network
        self._wall = wall
        self._session: Session | None = None
        self._interest: Counter[str] = Counter()
        self._endpoints: set[str] = set()
        self._allowed: frozenset[str] | None = None
        self._last: defaultdict[str, float] = defaultdict(float)
        self.deaf: list[tuple[float, float]] = []
        """When nobody was told anything although a websocket was open (wall clock)."""
        self._taken_at: float | None = None

    @property
    def active(self) -> bool:
        """Whether somebody listens: else `Stasis()` fails."""
        return self._session is not None

    @property
    def exists(self) -> bool:
        """Whether ARI knows the application."""
        return self.active or bool(self._interest)

    def register(self, session: Session) -> None:
        """Let *session* listen from now on; who listened before is told and hears nothing more."""
        if not self.exists:
            self._allowed = None
            self._endpoints.clear()
        self._send("ApplicationReplaced", {})
        self._session = session
        if self._taken_at is not None:
            self.deaf.append((self._taken_at, self._wall()))
            self._taken_at = None

    def unregister(self, session: Session, *, late: bool = False) -> None:
        """Notice that *session* is gone. One that ends *late* takes the application from its successor."""
        if late and self._session is not None and self._session is not session:
            self._taken_at = self._wall()
        if self._session is session or late:
            self._session = None

    def allow(self, types: frozenset[str]) -> None:
        """Let only these types of events through."""
        self._allowed = types

    def follow(self, channel: str) -> None:
        """Take one more interest in this leg."""
        self._interest[channel] += 1

    def unfollow(self, channel: str) -> None:
        """Take one interest less."""
        self._interest[channel] -= 1
        self._interest += Counter()

    def follow_endpoint(self, endpoint: str) -> None:
        """Take an interest in every leg of *endpoint* (``PJSIP/trunk-carrier``)."""
        self._endpoints.add(endpoint)

    def forget(self, channel: str) -> None:
        """The leg is gone, and with it every interest in it."""
        self._interest.pop(channel, None)
        self._last.pop(channel, None)

    def publish(self, channel: Channel, kind: str, /, **fields: Any) -> None:
        """Tell of something on *channel*, once for each interest that leads to it."""
        copies = (channel.id in self._interest) + (channel.name.rpartition("-")[0] in self._endpoints)
        loop = asyncio.get_running_loop()
        for _ in range(copies):
            at = max(self._last[channel.id], loop.time() + self._network.step())
            self._last[channel.id] = at
            loop.call_at(at, self._send, kind, {"timestamp": stamp(self._wall()), **fields})

    def send_user_event(self) -> None:
        """Send an event that somebody asked for; an application that is not active sends nothing."""
        fields = {"timestamp": stamp(self._wall()), "eventname": "echo", "userevent": {}}
        self._send("ChannelUserevent", fields)

    def _send(self, kind: str, fields: dict[str, Any]) -> None:
        if self._session is not None and (self._allowed is None or kind in self._allowed):
            self._session.send(orjson.dumps({"type": kind, "application": "madoguchi", **fields}).decode())
