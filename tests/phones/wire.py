"""Hears what arrives at somebody else's telephone, off the wire: G.711 µ-law in RTP (RFC 3550)."""

import asyncio
import socket
import struct
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

import numpy as np

from madoguchi.demo.phones import Address, tones
from madoguchi.demo.phones.tones import Samples

UDP_HEADER, RTP_HEADER = 8, 12
RTP_VERSION, PCMU = 2, 0
PACKET_S = tones.FRAME / tones.RATE
SILENT_S = 0.5
"""Where no sound arrives for so long, none comes."""

NOTHING: Samples = np.zeros(0)


class Wire:
    """Use as a context: everything that arrives at *address*; whoever listens there gets it as well.

    A raw socket needs the right that SIPp needs for its own sound (CAP_NET_RAW).
    """

    def __init__(self, address: Address) -> None:
        host, self._port = address
        self.streams: Counter[tuple[str, int, int]] = Counter()
        """How many packets came from which address, port and source (SSRC): one stream, as a rule."""
        self._frames: list[bytes] = []
        self._news = asyncio.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        self._socket.settimeout(0)
        self._socket.bind((host, 0))

    async def __aenter__(self) -> Self:
        asyncio.get_running_loop().add_reader(self._socket, self._readable)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    @property
    def received(self) -> int:
        """How many packets of 20 ms have arrived."""
        return len(self._frames)

    async def hear(self, seconds: float) -> Samples:
        """Hear the next *seconds*, 8,000 samples each; nothing at all when no sound comes."""
        since = self.received
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds + SILENT_S):
                while self.received < since + round(seconds / PACKET_S):
                    self._news.clear()
                    await self._news.wait()
                return self.heard(since)
        return NOTHING

    def heard(self, since: int, until: int | None = None) -> Samples:
        """Return what arrived from packet *since* to packet *until*."""
        return tones.decode(b"".join(self._frames[since:until]))

    def _readable(self) -> None:
        with suppress(BlockingIOError):
            while True:
                self._take(self._socket.recv(2048))

    def _take(self, packet: bytes) -> None:
        udp = packet[(packet[0] & 0x0F) * 4 :]
        sender, port = struct.unpack_from("!HH", udp)
        rtp = udp[UDP_HEADER:]
        if port != self._port or len(rtp) <= RTP_HEADER or rtp[0] >> 6 != RTP_VERSION:
            return
        if rtp[1] & 0x7F == PCMU:
            (source,) = struct.unpack_from("!I", rtp, 8)
            self.streams[socket.inet_ntoa(packet[12:16]), sender, source] += 1
            self._frames.append(rtp[RTP_HEADER:])
            self._news.set()
