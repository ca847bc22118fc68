"""A TCP relay before Asterisk that a test can cut or block, to lose connections without losing calls."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Relay:
    """Relays to *port*. *sent* is everything that went to Asterisk; *connections* counts those ever made."""

    port: int
    connections: int = 0
    sent: bytes = b""
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self._open.set()
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.set()
        if self._server is not None:
            self._server.close()
        self.cut()

    @property
    def listens_at(self) -> int:
        """The port to connect to."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def until_sent(self, text: bytes, times: int) -> None:
        """Wait until *text* has gone to Asterisk so often."""
        while self.sent.count(text) < times:
            self._more.clear()
            await self._more.wait()

    def cut(self) -> None:
        """Close every connection at once, without a word."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def block(self) -> None:
        """Let nothing through any more; connections stay open."""
        self._open.clear()

    def unblock(self) -> None:
        """Let everything through again, also what came meanwhile."""
        self._open.set()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            from_asterisk, to_asterisk = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        self._writers += [writer, to_asterisk]
        with suppress(OSError, asyncio.CancelledError):  # at the end of a test nobody waits for this task
            await asyncio.gather(
                self._pump(reader, to_asterisk, keep=True), self._pump(from_asterisk, writer)
            )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, keep: bool = False
    ) -> None:
        while data := await reader.read(65_536):
            await self._open.wait()
            if writer.is_closing():
                return
            if keep:
                self.sent += data
                self._more.set()
            writer.write(data)
            await writer.drain()
        writer.close()
