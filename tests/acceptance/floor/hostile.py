"""What a network may bring from outside: INVITEs with anything in them, and bytes that are no SIP."""

import asyncio
import socket
from dataclasses import dataclass, field

from madoguchi.demo.phones import Address, Call, Carrier
from madoguchi.demo.phones.endpoint import new_branch, new_tag
from madoguchi.demo.phones.leg import Dialog, Leg
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.phones.sip import Headers, Message

PLACE = "HOSTILE"


@dataclass(frozen=True, slots=True)
class Spoilt(Message):
    """A message in which `PLACE` stands for *content*: any bytes, written to the wire as they are."""

    content: bytes = field(default=b"", kw_only=True)

    def encode(self) -> bytes:
        """The bytes for the wire."""
        whole = Message(self.start, self.headers, self.body).encode()
        return whole.replace(PLACE.encode(), self.content)


def spoilt_call(  # noqa: PLR0913 (each part of an INVITE may be spoilt)
    carrier: Carrier,
    dialled: str,
    content: bytes = b"",
    *,
    local: str = "<sip:09012345678@carrier.invalid>",
    call_id: str = "",
    more: Headers = (),
    body: bytes | None = None,
) -> Call:
    """Place a call from *local* with *call_id* and headers *more*; `PLACE` in any of them is *content*.

    *body* replaces the session description.
    """
    host, port = carrier.endpoint.address
    target = f"sip:{dialled}@{carrier.centre[0]}:{carrier.centre[1]}"
    call_id = call_id or f"{new_tag()}@{host}"
    dialog = Dialog(call_id, f"{local};tag={new_tag()}", f"<{target}>", target, carrier.centre)
    ear = Sound(host)
    if body is None:
        body = Leg(carrier.endpoint, dialog, ear).description()
    kind = ("Content-Type", "application/sdp")
    head = (*dialog.headers("INVITE"), ("Contact", f"<sip:caller@{host}:{port}>"), kind, *more)
    plain = carrier.endpoint.request("INVITE", target, head, body=body)
    invite = Spoilt(plain.start, plain.headers, plain.body, content=content)
    call = Call(carrier.endpoint, dialog, ear, invite=invite)
    carrier.calls.append(call)
    call.start()
    return call


class Wire:
    """Throws datagrams at the centre from *host* and keeps what comes back."""

    def __init__(self, host: str, centre: Address) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self._socket.settimeout(0)
        self._socket.bind((host, 0))
        self._socket.connect(centre)
        self.address: Address = self._socket.getsockname()
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def throw(self, datagram: bytes) -> None:
        """Send it."""
        self._socket.send(datagram)

    async def alive(self, limit_s: float = 5.0) -> bool:
        """Ask whether the centre still listens. Raises TimeoutError."""
        question = self.request("OPTIONS")
        call_id = question.partition(b"Call-ID: ")[2].partition(b"\r\n")[0]
        self.throw(question)
        async with asyncio.timeout(limit_s):
            while call_id not in await self.heard.get():
                pass
        return True

    def request(self, method: str, *lines: str, body: str = "", length: str | None = None) -> bytes:
        """Write a request with the least headers, then *lines*; *length* is a false Content-Length."""
        host, port = self.address
        centre = f"sip:centre@{host}"
        head = (
            f"{method} {centre} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};rport;branch={new_branch()}",
            f"From: <sip:09012345678@{host}>;tag={new_tag()}",
            f"To: <{centre}>",
            f"Call-ID: {new_tag()}@{host}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:caller@{host}:{port}>",
            "Max-Forwards: 70",
            *lines,
            f"Content-Length: {len(body) if length is None else length}",
        )
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body.encode()

    def close(self) -> None:
        """Stop listening."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _readable(self) -> None:
        try:
            self.heard.put_nowait(self._socket.recv(65_535))
        except (BlockingIOError, ConnectionRefusedError):
            return
