"""One SIP socket: sends, receives, retransmits, and hands messages to the calls they belong to.

Knows nothing of what a call means. Arrival times are the kernel's (``SO_TIMESTAMPNS``), so that a
busy event loop cannot make a ledger late.
"""

import asyncio
import secrets
import socket
import struct
import time
from collections.abc import Callable

from madoguchi.demo.phones.ledger import Ledger, Way
from madoguchi.demo.phones.sip import (
    MAX_FORWARDS,
    VERSION,
    Headers,
    Message,
    SipError,
    parse,
    respond,
)

Address = tuple[str, int]
Handler = Callable[[Message, float], None]

SO_TIMESTAMPNS = 35  # Linux, asm-generic/socket.h; missing in Python's socket module
TIMESPEC = struct.Struct("qq")
DATAGRAM = 65_535
T1_S = 0.5  # RFC 3261 17.1.1.1, the estimated round trip
T2_S = 4.0
GIVE_UP_S = 64 * T1_S
AT_ONCE = 64  # datagrams read before other tasks get their turn


class NoAnswerError(Exception):
    """Nobody answered a request within 32 s."""


class Repeat:
    """Sends something again and again, with longer and longer pauses, until stopped (timers A, E, G)."""

    def __init__(self, send: Callable[[], None], *, on_silence: Callable[[], None] | None = None) -> None:
        self._send = send
        self._on_silence = on_silence
        self._pause = T1_S
        self._until = time.monotonic() + GIVE_UP_S
        self._timer: asyncio.TimerHandle | None = None
        self._again()

    def _again(self) -> None:
        if time.monotonic() > self._until:
            if self._on_silence is not None:
                self._on_silence()
            return
        self._send()
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._again)
        self._pause = min(self._pause * 2, T2_S)

    def stop(self) -> None:
        """It arrived."""
        if self._timer is not None:
            self._timer.cancel()


class Endpoint:
    """A phone's SIP socket. *on_request* gets requests outside any call known here."""

    def __init__(self, host: str, *, port: int = 0, ledger: Ledger | None = None) -> None:
        self.ledger = ledger if ledger is not None else Ledger()
        self.on_request: Handler | None = None
        self._handlers: dict[str, Handler] = {}
        self._finishing: set[asyncio.Task[None]] = set()
        self._waiting: dict[tuple[str, int, str], asyncio.Future[Message]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.settimeout(0)
        self._socket.bind((host, port))
        self.address: Address = self._socket.getsockname()
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def close(self) -> None:
        """Stop listening; what is still being finished is given up."""
        for task in self._finishing:
            task.cancel()
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def finish(self, request: Message, to: Address) -> None:
        """Send the last request of a call, and see to its answer in the background."""
        task = asyncio.create_task(self._finish(request, to), name=f"{request.method} {request.call_id}")
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def _finish(self, request: Message, to: Address) -> None:
        try:
            await self.transact(request, to)
        except NoAnswerError:
            return  # the ledger shows it; whoever checks the ledger will see

    async def finished(self) -> None:
        """Wait until everything that was to be finished is."""
        await asyncio.gather(*self._finishing)

    def attach(self, call_id: str, handler: Handler) -> None:
        """Give everything with this Call-ID to *handler*."""
        self._handlers[call_id] = handler

    def send(self, message: Message, to: Address) -> None:
        """Put one message on the wire."""
        self.ledger.note(time.time(), Way.SENT, message)
        self._socket.sendto(message.encode(), to)

    def request(
        self, method: str, uri: str, headers: Headers, *, body: bytes = b"", branch: str = ""
    ) -> Message:
        """Build a request that comes from here; *headers* hold From, To, Call-ID and CSeq."""
        host, port = self.address
        via = f"{VERSION}/UDP {host}:{port};rport;branch={branch or new_branch()}"
        head = (("Via", via), ("Max-Forwards", MAX_FORWARDS), *headers)
        return Message(f"{method} {uri} {VERSION}", head, body)

    async def transact(self, request: Message, to: Address) -> Message:
        """Send a request other than INVITE until its final response comes. Raises `NoAnswerError`."""
        key = (request.call_id, request.cseq, request.method)
        answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        repeat = Repeat(lambda: self.send(request, to))
        try:
            return await asyncio.wait_for(answer, GIVE_UP_S)
        except TimeoutError as error:
            raise NoAnswerError(f"nobody answered {request.start}") from error
        finally:
            repeat.stop()
            del self._waiting[key]

    def _readable(self) -> None:
        for _ in range(AT_ONCE):
            try:
                data, ancillary, _, _ = self._socket.recvmsg(DATAGRAM, 64)
            except BlockingIOError:
                return
            seconds, nanoseconds = TIMESPEC.unpack(ancillary[0][2])
            try:
                message = parse(data)
            except SipError:
                continue
            self._received(message, seconds + nanoseconds / 1e9)

    def _received(self, message: Message, at: float) -> None:
        self.ledger.note(at, Way.RECEIVED, message)
        waiting = self._waiting.get((message.call_id, message.cseq, message.method))
        if waiting is not None and message.status >= 200:  # noqa: PLR2004 (final, RFC 3261 7.2)
            if not waiting.done():
                waiting.set_result(message)
            return
        handler = self._handlers.get(message.call_id, self.on_request)
        if handler is not None:
            handler(message, at)
        elif message.is_request and message.method != "ACK":
            self.reply(message, 481)

    def reply(
        self, request: Message, status: int, *, tag: str = "", more: Headers = (), body: bytes = b""
    ) -> None:
        """Answer *request* to where its topmost Via says it came from."""
        self.send(respond(request, status, tag=tag, more=more, body=body), source_of(request))


def source_of(request: Message) -> Address:
    """Return where answers to *request* go (its topmost Via; everything here is on one machine)."""
    sent_by = request.get("Via").split()[1].partition(";")[0]
    host, _, port = sent_by.partition(":")
    return host, int(port or 5060)


def new_branch() -> str:
    """Return a fresh transaction id (RFC 3261 8.1.1.7)."""
    return f"z9hG4bK{secrets.token_hex(8)}"


def new_tag() -> str:
    """Return a fresh dialog tag or Call-ID part."""
    return secrets.token_hex(8)
