"""An operator's screen: signs in and follows the desk over HTTP and WebSocket, as the console does."""

import asyncio
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp

from agents.second_factor import STEP_S, codes_around

Message = Mapping[str, Any]


class ScreenError(Exception):
    """The desk did not let this person in, or said no; the message holds its words."""


class Screen:
    """One signed-in person. Every message of the desk is kept in *messages*, in order.

    *totp_secret* is what the person's authenticator would know.
    """

    def __init__(self, http: str, user: str, password: str, totp_secret: str | None = None) -> None:
        self.user = user
        self.messages: list[Message] = []
        self._http = http
        self._password, self._totp_secret = password, totp_secret
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._closed = False
        self._token: Mapping[str, str] = {}

    async def __aenter__(self) -> Self:
        # The sample centre has no name, only an address; cookies of addresses must be asked for.
        self._session = aiohttp.ClientSession(self._http, cookie_jar=aiohttp.CookieJar(unsafe=True))
        signed_in = await self._sign_in()
        self._token = {"X-CSRF-Token": str(signed_in["csrf_token"])}
        ticket = await self.post("/api/desk/ticket", {})
        self._socket = await self._session.ws_connect(
            "/api/desk", params={"ticket": ticket["ticket"]}, headers={"Origin": self._http}
        )
        self._reader = asyncio.create_task(self._read(self._socket), name=f"screen {self.user}")
        await self.until(lambda message: message["type"] == "snapshot")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
        if self._session is not None:
            await self._session.close()

    async def set_state(self, state: str, reason: str | None = None) -> None:
        """Ask for a state (``ready``, ``paused``, ``after-call``, ``logged-out``) and wait until it is so."""
        if self.state == state:
            return  # asking again changes nothing, and what does not change is not shown
        since = len(self.messages)
        await self.send({"type": "state", "state": state} | ({"reason": reason} if reason else {}))
        await self.until(lambda message: _shows(message, state), since=since)

    @property
    def state(self) -> str | None:
        """The operator's state as the screen shows it; None for somebody without a telephone."""
        shown = (message.get("agent") for message in reversed(self.messages))
        return next((str(agent["state"]) for agent in shown if isinstance(agent, dict)), None)

    async def send(self, message: Message) -> None:
        """Send a message to the desk."""
        if self._socket is None:
            raise ScreenError(f"{self.user} has not signed in")
        await self._socket.send_json(message)

    async def until(self, wanted: Callable[[Message], bool], *, since: int = 0) -> Message:
        """Return the first message from place *since* on that is *wanted*; waits for it."""
        async with self._news:
            await self._news.wait_for(lambda: any(wanted(m) for m in self.messages[since:]) or self._closed)
        found = next((message for message in self.messages[since:] if wanted(message)), None)
        if found is None:
            raise ScreenError(f"the desk closed {self.user}'s connection")
        return found

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.messages.append(message.json())
            async with self._news:
                self._news.notify_all()
        async with self._news:
            self._closed = True
            self._news.notify_all()

    async def get(self, path: str, parameters: Mapping[str, str]) -> Message:
        """Read something over HTTP as this person. Raises `ScreenError`."""
        if self._session is None:
            raise ScreenError(f"{self.user} has not signed in")
        async with self._session.get(path, params=parameters) as answer:
            return await self._content(answer)

    async def post(self, path: str, content: Message) -> Message:
        """Ask for something to be made, as this person. Raises `ScreenError`."""
        return await self._post(path, content, self._token)

    async def _sign_in(self) -> Message:
        """Sign in; of the codes that are right now, one that nobody has used yet, else the next one."""
        content = {"user": self.user, "password": self._password}
        if self._totp_secret is None:
            return await self._post("/api/session", content)
        for code in codes_around(self._totp_secret, time.time()):
            try:
                return await self._post("/api/session", content | {"totp": code})
            except ScreenError as error:
                if "wrong-code" not in str(error):
                    raise
        await asyncio.sleep(STEP_S)  # until there is a code that nobody has used
        newest = codes_around(self._totp_secret, time.time())[-1]
        return await self._post("/api/session", content | {"totp": newest})

    async def _post(self, path: str, content: Message, headers: Mapping[str, str] | None = None) -> Message:
        if self._session is None:
            raise ScreenError(f"{self.user} has not signed in")
        async with self._session.post(path, json=content, headers=headers) as answer:
            return await self._content(answer)

    async def _content(self, answer: aiohttp.ClientResponse) -> Message:
        body: Message = await answer.json(content_type=None)
        if not answer.ok:
            raise ScreenError(f"{self.user}: {answer.status} {body}")
        return body


def _shows(message: Message, state: str) -> bool:
    return message["type"] == "agent" and bool(message["agent"]["state"] == state)
