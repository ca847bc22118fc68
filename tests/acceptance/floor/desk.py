"""An operator's screen that can lose its connection and come back, and notes when each message came."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

Message = Mapping[str, Any]
Wanted = Callable[[Message], bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """One message, and when it was there (epoch seconds)."""

    at: float
    message: Message


def kind(name: str, **fields: object) -> Wanted:
    """Return a test for messages of type *name* whose *fields* have these values."""
    return lambda message: message["type"] == name and all(message.get(k) == v for k, v in fields.items())


class Desk:
    """One signed-in person and the messages of the desk, in order."""

    def __init__(self, http: str, user: str, password: str) -> None:
        self.user = user
        self.seen: list[Seen] = []
        self._http, self._password = http, password
        self._session = aiohttp.ClientSession(http, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._csrf = ""
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        credentials = {"user": self.user, "password": self._password}
        async with self._session.post("/api/session", json=credentials, raise_for_status=True) as answer:
            self._csrf = (await answer.json())["csrf_token"]
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.disconnect()
        await self._session.close()

    @property
    def messages(self) -> list[Message]:
        """Everything received so far."""
        return [seen.message for seen in self.seen]

    async def connect(self, *, resume_from: int | None = None) -> None:
        """Open the socket; go on after *resume_from*, or begin with a snapshot."""
        headers = {"X-CSRF-Token": self._csrf}
        async with self._session.post(
            "/api/desk/ticket", json={}, headers=headers, raise_for_status=True
        ) as answer:
            query = {"ticket": str((await answer.json())["ticket"])}
        if resume_from is not None:
            query["seq"] = str(resume_from)
        since = len(self.seen)
        self._socket = await self._session.ws_connect(
            "/api/desk", params=query, headers={"Origin": self._http}
        )
        self._reader = asyncio.create_task(self._read(self._socket), name=f"desk {self.user}")
        await self.until(lambda message: message["type"] in {"snapshot", "notice"}, since=since)

    async def disconnect(self) -> None:
        """Lose the connection."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def send(self, **message: object) -> None:
        """Send one message."""
        assert self._socket is not None, f"{self.user} is not connected"
        await self._socket.send_json(message)

    async def ask(self, **message: object) -> Message:
        """Send one message and return the notice that answers it."""
        ref = f"{self.user}-{len(self.seen)}-{time.monotonic_ns()}"
        await self.send(ref=ref, **message)
        return await self.until(kind("notice", ref=ref))

    async def until(self, wanted: Wanted, *, since: int = 0) -> Message:
        """Return the first message from place *since* on that is *wanted*; waits for it."""
        async with asyncio.timeout(15), self._news:
            await self._news.wait_for(lambda: any(map(wanted, self.messages[since:])))
        return next(message for message in self.messages[since:] if wanted(message))

    async def until_state(self, *states: str, since: int = 0) -> Message:
        """Wait until the operator is shown in one of *states*."""
        return await self.until(
            lambda message: message["type"] == "agent" and message["agent"]["state"] in states, since=since
        )

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.seen.append(Seen(time.time(), message.json()))
            async with self._news:
                self._news.notify_all()
