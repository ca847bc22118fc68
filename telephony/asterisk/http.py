"""HTTP/1.1 to one server over a few connections that stay open: bytes out, status and body back.

Made because five requests belong to every call, and aiohttp's client takes several times the processor time
(docs/adr/0001). httptools reads the answers; what remains is the pool. It knows nothing of ARI, never follows
a redirect and never repeats a request.
"""

import asyncio
from collections import deque
from typing import NamedTuple, cast

import httptools

KEEP_ALIVE_S = 5.0
"""Well below Asterisk's ``session_keep_alive`` (15 s): no request must meet a connection that is closing."""


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: bytes


class Connection(asyncio.Protocol):
    """One connection. One request at a time; broken for good by anything unexpected."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Answer] | None = None
        self._body: list[bytes] = []

    @property
    def usable(self) -> bool:
        """Whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Send *request*; the answer comes, or ConnectionError. Raises it at once on a closed connection."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Close; a request under way fails."""
        if self._transport is not None:
            self._transport.close()

    # --- called by the event loop ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way out."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on; a server that does not speak HTTP ends the connection."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"not HTTP: {error}"))
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer does not get one."""
        self._transport = None
        self._fail(ConnectionError(str(exc) if exc else "the server closed the connection"))

    def _fail(self, error: ConnectionError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # --- called by the parser ------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """An answer begins."""
        self._body.clear()

    def on_body(self, body: bytes) -> None:
        """One more piece."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if not self._parser.should_keep_alive():
            self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._parser.get_status_code(), b"".join(self._body)))


class Http:
    """At most *most* connections to *host*:*port*; *headers* go with every request.

    *timeout_s* is for one whole request: waiting for a connection, connecting, and the answer.
    """

    def __init__(self, host: str, port: int, headers: bytes, *, most: int, timeout_s: float) -> None:
        self._address = (host, port)
        self._headers = b"Host: %s:%d\r\n%s" % (host.encode(), port, headers)
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(most)
        self._idle: deque[Connection] = deque()

    async def send(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Send and return the answer. Raises OSError (also TimeoutError) when there is none to rely on."""
        request = self._request(method, path, body)
        async with asyncio.timeout(self._timeout_s), self._places:
            connection = self._take() or await self._connect()
            try:
                answer = await connection.ask(request)
            except BaseException:
                connection.close()  # also when cancelled: a late answer would be taken for the next one
                raise
            self._give_back(connection)
            return answer

    def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _request(self, method: str, path: str, body: bytes | None) -> bytes:
        line = f"{method} {path} HTTP/1.1\r\n".encode("ascii")
        if body is None:
            return b"%s%sContent-Length: 0\r\n\r\n" % (line, self._headers)
        kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        return b"%s%s%s%s" % (line, self._headers, kind, body)

    def _take(self) -> Connection | None:
        """Return the connection used last, so that those too many grow old and are closed."""
        now = asyncio.get_running_loop().time()
        while self._idle and now - self._idle[0].idle_since > KEEP_ALIVE_S:
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    def _give_back(self, connection: Connection) -> None:
        if connection.usable:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)

    async def _connect(self) -> Connection:
        host, port = self._address
        _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
        return connection
