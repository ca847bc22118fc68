"""One controller's connections to the simulated Asterisk: HTTP, websocket and AMI, below the real clients.

The seam: `Ari._send` and `Ari.open_events` for HTTP and websocket, `Link` for AMI. Everything above runs as
it is: addresses, answers, errors, retries, decoding. What a killed controller has sent still arrives.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp
import orjson

from telephony.asterisk import client
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Refused, Unanswered, Unavailable
from telephony.asterisk.manager import Manager
from tests.simulation.asterisk.application import ENDED, Session
from tests.simulation.asterisk.manager import ManagerLine
from tests.simulation.asterisk.rest import Answer
from tests.simulation.asterisk.server import SimulatedAsterisk

TIMEOUT_S = 3.0
"""As the real client's for a whole request."""

Fields = Mapping[str, str]


class Wire:
    """What one controller is connected by."""

    def __init__(self, server: SimulatedAsterisk) -> None:
        self.server = server
        self.cut = False
        self._sessions: list[Session] = []
        self._links: list[SimulatedLink] = []

    def die(self) -> None:
        """Let everything end as the kernel ends the connections of a killed process."""
        self.cut = True
        self.drop_events()
        self.drop_manager()

    def lose_network(self) -> None:
        """Be cut off: every connection breaks, and none can be made."""
        self.die()

    def regain_network(self) -> None:
        """Be able to connect again."""
        self.cut = False

    def drop_events(self) -> None:
        """Break the websocket."""
        for session in self._sessions:
            session.close()
            self.server.lose(session)
        self._sessions.clear()

    def drop_manager(self) -> None:
        """Break the AMI connection."""
        for link in self._links:
            link.end("broken")
        self._links.clear()

    def reach(self) -> None:
        """Raise `Unanswered` when there is nothing at the other end."""
        if self.cut or not self.server.up:
            raise Unanswered("connection refused")

    async def request(self, method: str, address: str, body: Any) -> Answer:
        """Send one request and return its answer. Raises `Unanswered`."""
        loop = asyncio.get_running_loop()
        self.reach()
        answer: asyncio.Future[Answer] = loop.create_future()
        exchange = _Exchange(self, answer)
        loop.call_later(self.server.network.delay(), exchange.arrive, method, address, body)
        expiry = loop.call_later(TIMEOUT_S, exchange.fail, "time-out")
        try:
            return await answer
        finally:
            expiry.cancel()

    async def open_events(self) -> "Socket":
        """Open the websocket."""
        await asyncio.sleep(self.server.network.delay())
        self.reach()
        session = self.server.connect()
        self._sessions.append(session)
        return Socket(self, session)

    def open_manager(self, link: "SimulatedLink") -> None:
        """Sign in over AMI."""
        self.reach()
        self._links.append(link)

    def close_manager(self, link: "SimulatedLink") -> None:
        """End an AMI connection."""
        if link in self._links:
            self._links.remove(link)

    def close_events(self, session: Session) -> None:
        """End a websocket from our side."""
        if session in self._sessions:
            self._sessions.remove(session)
            session.close()
            self.server.lose(session)


class _Exchange:
    """One request and its answer on their ways."""

    def __init__(self, wire: Wire, answer: "asyncio.Future[Answer]") -> None:
        self._wire = wire
        self._answer = answer

    def arrive(self, method: str, address: str, body: Any) -> None:
        """The request is at Asterisk, unless it got lost."""
        server = self._wire.server
        if not server.up or server.network.loses_request():
            self.fail("connection reset")
            return
        done = server.rest.request(method, address, body)
        if isinstance(done, asyncio.Future):
            done.add_done_callback(lambda told: self._send_back(told.result()))
        else:
            self._send_back(done)

    def _send_back(self, answer: Answer) -> None:
        network = self._wire.server.network
        if network.loses_answer():
            self.fail("connection reset before the answer")
        else:
            asyncio.get_running_loop().call_later(network.delay(), self._come_back, answer)

    def _come_back(self, answer: Answer) -> None:
        if not self._answer.done():
            self._answer.set_result(answer)

    def fail(self, why: str) -> None:
        """No answer will come."""
        if not self._answer.done():
            self._answer.set_exception(Unanswered(why))


class _Frame(NamedTuple):
    type: aiohttp.WSMsgType
    data: str


class Socket:
    """The controller's end of the websocket, with the part of aiohttp's that the feed uses."""

    def __init__(self, wire: Wire, session: Session) -> None:
        self._wire = wire
        self._session = session
        self.close_code = 1006

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close_events(self._session)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _Frame:
        text = await self._session.receive()
        if text is ENDED:
            raise StopAsyncIteration
        return _Frame(aiohttp.WSMsgType.TEXT, text)

    async def close(self) -> None:
        """End it."""
        self._wire.close_events(self._session)

    def exception(self) -> None:
        """Say that nothing but the end of the connection was wrong."""


class SimulatedAri(Ari):
    """The real client with the simulated Asterisk at the other end."""

    def __init__(self, wire: Wire) -> None:
        super().__init__("http://asterisk/ari", "madoguchi", "secret")
        self._wire = wire

    async def open_events(self, heartbeat_s: float) -> Any:
        """Open the websocket; a broken one is noticed at once, so the heartbeat has nothing to do."""
        del heartbeat_s
        return await self._wire.open_events()

    async def _send(self, method: str, address: str, body: Any = None) -> bytes:
        sent = None if body is None else orjson.loads(orjson.dumps(body))
        status, text = await self._wire.request(method, address, sent)
        client._raise_for(status, text, f"{method} {address}")  # noqa: SLF001 - the seam is right below it
        return text


class SimulatedManager(Manager):
    """The real manager on simulated links."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(("asterisk", 5038), "madoguchi", "secret")
        self._wire = wire

    def _new_link(self) -> Any:
        return SimulatedLink(self._wire)


class SimulatedLink:
    """`telephony.asterisk.manager_link.Link` with the simulated Asterisk at the other end."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._line = ManagerLine(self._event, lambda: self.end("closed by Asterisk"))
        self._handlers: dict[str, Callable[[Fields], None]] = {}
        self.gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Connect and sign in. Raises `Unavailable`."""
        await asyncio.sleep(self._wire.server.network.delay())
        self._wire.open_manager(self)

    async def ask(self, action: str, **fields: str) -> Sequence[Fields]:
        """Send one action and return its answer. Raises `Unavailable` or `Refused`."""
        await asyncio.sleep(2 * self._wire.server.network.delay())
        if self.gone.done():
            raise Unavailable(f"{action}: the AMI connection is lost.")
        self._wire.reach()
        manager = self._wire.server.manager
        if action == "Events":
            manager.connect(self._line)
        if action == "Setvar":
            manager.set_global(fields)
        if action == "MixMonitorMute" and not manager.mute(fields):
            raise Refused(f"{action}: No such channel")
        if action == "Redirect" and not manager.redirect(fields):
            raise Refused(f"{action}: Channel does not exist")
        return [{"Response": "Success"}, *(manager.states() if action == "DeviceStateList" else ())]

    def forward(self, names: Iterable[str], on_event: Callable[[Fields], None]) -> None:
        """Call *on_event* for every event of these names from now on."""
        self._handlers.update(dict.fromkeys(names, on_event))

    def close(self) -> None:
        """Close for good."""
        self._wire.close_manager(self)
        self.end("closed by us")

    def end(self, why: str) -> None:
        """The connection is gone."""
        self._wire.server.manager.disconnect(self._line)
        if not self.gone.done():
            self.gone.set_result(why)

    def _event(self, fields: Fields) -> None:
        self._handlers[fields["Event"]](fields)
