"""Reads the packets that Asterisk writes of its SIP: one message each, always as UDP over Ethernet.

Source: Asterisk 22, ``res_pjsip_logger``; the format is libpcap's (draft-ietf-opsawg-pcap). Asterisk names
one end of each packet only: the other is itself.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

_FILE = struct.Struct("=IHHiIII")
_RECORD = struct.Struct("=IIII")
_MAGIC = 0xA1B2C3D4
_ETHERNET, _IPV4, _IPV6, _UDP = 14, 20, 40, 8
_IS_IPV4 = b"\x08\x00"


@dataclass(frozen=True, slots=True)
class Packet:
    """A SIP message. *peer* is the other end, ``address:port``; *at* is seconds since 1970."""

    at: float
    received: bool
    peer: str
    text: str

    @property
    def call_id(self) -> str:
        """The SIP Call-ID; empty if it has none."""
        return header(self.text, "call-id", "i")


class NotARecording(Exception):
    """The file is no recording of packets."""


def header(text: str, *names: str) -> str:
    """Return the value of the first header of one of these *names* (small letters)."""
    for line in text.partition("\r\n\r\n")[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() in names:
            return value.strip()
    return ""


def packets(raw: bytes) -> Iterator[Packet]:
    """Yield every whole packet, oldest first. Raises `NotARecording`."""
    if len(raw) < _FILE.size or _FILE.unpack_from(raw)[0] != _MAGIC:
        raise NotARecording("This is no recording of SIP.")
    place = _FILE.size
    while place + _RECORD.size <= len(raw):
        seconds, micros, length, _ = _RECORD.unpack_from(raw, place)
        place += _RECORD.size
        frame = raw[place : place + length]
        if len(frame) < length:
            return  # it is being written
        place += length
        yield _packet(seconds + micros / 1e6, frame)


def _packet(at: float, frame: bytes) -> Packet:
    is_ipv4 = frame[12:14] == _IS_IPV4
    network = frame[_ETHERNET:]
    ends = (network[12:16], network[16:20]) if is_ipv4 else (network[8:24], network[24:40])
    source, target = (ip_address(end) for end in ends)
    udp = network[_IPV4 if is_ipv4 else _IPV6 :]
    from_port, to_port = struct.unpack_from("!HH", udp)
    received = bool(int(source))
    peer = f"{source}:{from_port}" if received else f"{target}:{to_port}"
    return Packet(at, received, peer, udp[_UDP:].decode("utf-8", "replace"))
