"""The one session description that these phones speak: G.711 µ-law and RFC 4733 keys (RFC 4566)."""

from dataclasses import dataclass

PCMU = 0
TELEPHONE_EVENT = 101


@dataclass(frozen=True, slots=True)
class Media:
    """Where the other side wants to hear us, and the payload type it uses for keys."""

    host: str
    port: int
    event_type: int
    direction: str


def describe(host: str, port: int, *, version: int = 1, direction: str = "sendrecv") -> bytes:
    """Write an offer or an answer for sound received at *host*:*port*."""
    lines = (
        "v=0",
        f"o=- 1 {version} IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {PCMU} {TELEPHONE_EVENT}",
        f"a=rtpmap:{PCMU} PCMU/8000",
        f"a=rtpmap:{TELEPHONE_EVENT} telephone-event/8000",
        f"a=fmtp:{TELEPHONE_EVENT} 0-16",
        "a=ptime:20",
        f"a={direction}",
        "",
    )
    return "\r\n".join(lines).encode()


def read(body: bytes) -> Media | None:
    """Read the other side's description; ``None`` when there is none or it refuses sound."""
    host, port, event_type, direction = "", 0, TELEPHONE_EVENT, "sendrecv"
    for line in body.decode("ascii", "replace").splitlines():
        if line.startswith("c=IN IP4 "):
            host = line.split()[2]
        elif line.startswith("m=audio "):
            port = int(line.split()[1])
        elif line.endswith(" telephone-event/8000"):
            event_type = int(line.removeprefix("a=rtpmap:").split()[0])
        elif line[2:] in {"sendrecv", "sendonly", "recvonly", "inactive"}:
            direction = line[2:]
    return Media(host, port, event_type, direction) if port else None
