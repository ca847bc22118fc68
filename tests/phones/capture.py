"""Writes a tone as a packet capture, the form in which SIPp plays sound (``play_pcap_audio``)."""

import struct
from pathlib import Path

from madoguchi.demo.phones import tones

FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)  # pcap 2.4, Ethernet
ETHERNET = b"\0" * 12 + b"\x08\x00"
IP_HEADER, UDP_HEADER, RTP_HEADER = 20, 8, 12
PACKET_US = 20_000


def _packet(number: int, payload: bytes) -> bytes:
    rtp = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * tones.FRAME, 1) + payload
    udp = struct.pack("!HHHH", 6000, 6000, UDP_HEADER + len(rtp), 0) + rtp
    length = IP_HEADER + len(udp)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 0, 0, 64, 17, 0, b"\x7f\0\0\x02", b"\x7f\0\0\x01")
    data = ETHERNET + ip + udp
    seconds, microseconds = divmod(number * PACKET_US, 1_000_000)
    return struct.pack("<IIII", seconds, microseconds, len(data), len(data)) + data


def write_tone(path: Path, hertz: float, *, seconds: int) -> Path:
    """Write *seconds* of a pure tone to *path* and return it."""
    frames = tones.tone(hertz, seconds=seconds)
    path.write_bytes(FILE_HEADER + b"".join(_packet(n, frame) for n, frame in enumerate(frames)))
    return path
