"""SIP messages as text: reading and writing them (RFC 3261 section 7). Knows no socket and no call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

VERSION = "SIP/2.0"
MAX_FORWARDS = "70"  # RFC 3261 8.1.1.6
COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}

REASONS = {
    180: "Ringing",
    200: "OK",
    404: "Not Found",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    503: "Service Unavailable",
    603: "Decline",
}
"""The answers that a telephone of ours gives (RFC 3261 section 21)."""

Headers = Sequence[tuple[str, str]]


class SipError(Exception):
    """What arrived is not a SIP message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response. Header order is kept; names compare without case."""

    start: str
    headers: Headers
    body: bytes = field(default=b"", repr=False)

    @property
    def is_request(self) -> bool:
        """Whether this asks for something (otherwise it answers)."""
        return not self.start.startswith(VERSION)

    @property
    def method(self) -> str:
        """The method asked for, or the one that is answered."""
        return self.start.split(" ", 1)[0] if self.is_request else self.get("CSeq").split()[-1]

    @property
    def status(self) -> int:
        """The status code; 0 for a request."""
        return 0 if self.is_request else int(self.start.split(" ", 2)[1])

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        return self.get("Call-ID")

    @property
    def cseq(self) -> int:
        """The number in CSeq."""
        return int(self.get("CSeq").split()[0])

    def all(self, name: str) -> Iterator[str]:
        """Every value of header *name*."""
        wanted = name.lower()
        return (value for key, value in self.headers if key.lower() == wanted)

    def get(self, name: str, default: str = "") -> str:
        """The first value of header *name*."""
        return next(self.all(name), default)

    def encode(self) -> bytes:
        """The bytes for the wire; writes Content-Length itself."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def parse(data: bytes) -> Message:
    """Read one datagram. Raises `SipError`."""
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        raise SipError(f"no end of headers in {data[:60]!r}")
    start, *lines = head.decode("utf-8", "replace").split("\r\n")
    if VERSION not in start:
        raise SipError(f"not SIP: {start[:60]!r}")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise SipError(f"not a header: {line[:60]!r}")
        name = name.strip()
        headers.append((COMPACT.get(name.lower(), name), value.strip()))
    return Message(start, tuple(headers), body)


def respond(
    request: Message, status: int, *, tag: str = "", more: Headers = (), body: bytes = b""
) -> Message:
    """Answer *request* (RFC 3261 8.2.6); *tag* goes on To when it has none yet."""
    to = request.get("To")
    if tag and ";tag=" not in to:
        to = f"{to};tag={tag}"
    copied = [("Via", via) for via in request.all("Via")]
    copied += [("From", request.get("From")), ("To", to)]
    copied += [("Call-ID", request.call_id), ("CSeq", request.get("CSeq"))]
    return Message(f"{VERSION} {status} {REASONS[status]}", (*copied, *more), body)


def uri_of(value: str) -> str:
    """Return the URI in a From, To or Contact value."""
    _, bracket, rest = value.partition("<")
    return rest.partition(">")[0] if bracket else value.partition(";")[0].strip()


def user_of(value: str) -> str:
    """Return the user part of a From, To or Contact value: the telephone number of a caller."""
    address = uri_of(value).removeprefix("sip:")
    return address.partition("@")[0] if "@" in address else ""


def tag_of(value: str) -> str:
    """Return the tag of a From or To value, empty when it has none."""
    return value.partition(";tag=")[2].partition(";")[0]
