"""Whether the ports that this copy wants are free, checked before anything starts."""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from config.settings import Settings
from madoguchi.local.errors import LocalError

LOOPBACK = "127.0.0.1"
UDP = socket.SOCK_DGRAM
TCP = socket.SOCK_STREAM


@dataclass(frozen=True, slots=True)
class Wanted:
    """A port, what for, over which protocol, and the variable that changes it."""

    number: int
    purpose: str
    kind: socket.SocketKind
    variable: str


def wanted(settings: Settings) -> tuple[Wanted, ...]:
    """Return every port that this copy listens on, but for the database's, which is chosen freely."""
    return (
        Wanted(settings.sip_port, "SIP", UDP, "MADOGUCHI_SIP_PORT"),
        Wanted(settings.http_port, "the console", TCP, "MADOGUCHI_HTTP_PORT"),
        Wanted(settings.asterisk_http_port, "Asterisk's HTTP", TCP, "MADOGUCHI_ASTERISK_HTTP_PORT"),
        Wanted(settings.ami_port, "Asterisk's manager", TCP, "MADOGUCHI_AMI_PORT"),
    )


def is_free(number: int, kind: socket.SocketKind) -> bool:
    """Return whether *number* can be bound on loopback now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is TCP:
            # Connections that ended a moment ago do not count; a listener still does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, number))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def any_free(kind: socket.SocketKind) -> int:
    """Return a loopback port that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(ports: Iterable[Wanted]) -> None:
    """Raise `LocalError` for the first port that is taken, or wanted twice."""
    seen: dict[tuple[int, socket.SocketKind], Wanted] = {}
    for port in ports:
        other = seen.setdefault((port.number, port.kind), port)
        if other is not port:
            raise LocalError(
                f"{other.variable} and {port.variable} are both {port.number}; give each a port of its own."
            )
        if not is_free(port.number, port.kind):
            protocol = "udp" if port.kind is UDP else "tcp"
            raise LocalError(
                f"Port {port.number}/{protocol} for {port.purpose} is taken by another program; "
                f"stop that one or set {port.variable} to a free port."
            )


def first_free(start: int, count: int) -> int:
    """Return the first free TCP port of *count* from *start* on. Raises `LocalError` if there is none."""
    for number in range(start, start + count):
        if is_free(number, TCP):
            return number
    raise LocalError(f"No port from {start} to {start + count - 1} is free; stop what uses them.")
