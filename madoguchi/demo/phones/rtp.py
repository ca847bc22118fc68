"""A call's sound: one RTP socket that plays tones, presses keys and keeps what it hears (RFC 3550, 4733).

All sounds of a program are paced by one clock, so that thirty phones cost one timer.
"""

import asyncio
import secrets
import socket
import struct
from collections import deque
from itertools import count

from madoguchi.demo.phones import tones
from madoguchi.demo.phones.sdp import PCMU, TELEPHONE_EVENT, Media
from madoguchi.demo.phones.tones import Samples

HEADER = struct.Struct("!BBHII")
EVENT = struct.Struct("!BBH")
VERSION = 0x80  # RFC 3550 5.1: version 2, no padding, no extension, no sources
MARKER = 0x80
PACKET_S = tones.FRAME / tones.RATE
KEYS = "0123456789*#ABCD"  # RFC 4733 3.2: the event number is the place
KEY_FRAMES = 6  # 120 ms: long enough for any detector
KEY_PAUSE_FRAMES = 4
END_COPIES = 3  # RFC 4733 2.5.1.4
END_BIT = 0x80
VOLUME = 10
KEPT_S = 30.0
QUIET_FRAMES = 50
"""One packet a second while nobody speaks, as telephones that suppress silence send (RFC 3389 4): a line
without any sound is taken for dead after a while (``rtp_timeout``)."""

READ_AT_ONCE = 16

_Packet = tuple[int, bytes, bool]  # payload type, payload, whether the timestamp advances


class Sound:
    """One end of a call's sound. Silent until told where to (`connect`) and what to `play`."""

    def __init__(self, host: str, *, kept_s: float = KEPT_S) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.received = 0
        self.sent = 0
        self._heard_packets = 0
        self._news = asyncio.Event()
        self._heard: deque[bytes] = deque(maxlen=max(1, round(kept_s / PACKET_S)))
        self._keys_heard: list[tuple[int, str]] = []
        self._frames: list[bytes] = []
        self._place = 0
        self._keys: deque[_Packet] = deque()
        self._to: tuple[str, int] | None = None
        self._event_type = TELEPHONE_EVENT
        self._sequence = count(secrets.randbelow(1 << 15))
        self._time = 0
        self._quiet = 0
        self._ssrc = secrets.randbits(32)
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def connect(self, media: Media) -> None:
        """Send to where the other side's description says; nothing, if that comes after `close`."""
        if self._socket.fileno() < 0:
            return
        self._to, self._event_type = (media.host, media.port), media.event_type
        _Clock.of_this_loop().add(self)

    def play(self, frames: list[bytes]) -> None:
        """Play packets over and over; an empty list is silence on the wire."""
        self._frames, self._place = frames, 0

    def press(self, keys: str) -> None:
        """Press keys one after another, 120 ms each."""
        for key in keys:
            event = KEYS.index(key)
            held = [(EVENT.pack(event, VOLUME, (n + 1) * tones.FRAME), False) for n in range(KEY_FRAMES)]
            over = EVENT.pack(event, END_BIT | VOLUME, KEY_FRAMES * tones.FRAME)
            packets = [*held, *[(over, False)] * (END_COPIES - 1), (over, True)]
            self._keys.extend((self._event_type, payload, last) for payload, last in packets)
            self._keys.extend([(PCMU, tones.SILENCE, True)] * KEY_PAUSE_FRAMES)

    def hammer(self, keys: str) -> None:
        """Press keys all at once, each for 20 ms: faster than any hand, as a broken or hostile phone does."""
        for key in keys:
            over = EVENT.pack(KEYS.index(key), END_BIT | VOLUME, tones.FRAME)
            for _ in range(END_COPIES):
                self._send(self._event_type, over)
            self._time += 2 * tones.FRAME

    async def listen(self, seconds: float) -> Samples:
        """Hear the next *seconds* (at most 30), and return them: 8,000 samples a second between -1 and 1."""
        until = self._heard_packets + round(seconds / PACKET_S)
        while self._heard_packets < until:
            self._news.clear()
            await self._news.wait()
        return self.heard(last_s=seconds)

    def heard(self, *, last_s: float = KEPT_S) -> Samples:
        """Return what was heard last, like `listen`."""
        frames = list(self._heard)[-round(last_s / PACKET_S) :]
        return tones.decode(b"".join(frames))

    @property
    def keys_heard(self) -> str:
        """Keys the other side pressed, in order."""
        return "".join(key for _, key in self._keys_heard)

    def close(self) -> None:
        """Fall silent and stop listening."""
        _Clock.of_this_loop().remove(self)
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def tick(self) -> None:
        """Send the packet that is due now; called by the clock every 20 ms."""
        if self._keys:
            kind, payload, advance = self._keys.popleft()
        elif self._frames:
            kind, payload, advance = PCMU, self._frames[self._place], True
            self._place = (self._place + 1) % len(self._frames)
        else:
            self._be_quiet()
            return
        first = kind != PCMU and EVENT.unpack(payload)[2] == tones.FRAME
        self._send(kind | (MARKER if first else 0), payload)
        # An event keeps the time at which it began, until its last copy (RFC 4733 2.1).
        self._time += tones.FRAME * (KEY_FRAMES if kind != PCMU else 1) if advance else 0

    def _be_quiet(self) -> None:
        self._quiet = (self._quiet + 1) % QUIET_FRAMES
        if not self._quiet:
            self._send(PCMU, tones.SILENCE)
        self._time += tones.FRAME

    def _send(self, kind: int, payload: bytes) -> None:
        head = HEADER.pack(VERSION, kind, next(self._sequence) & 0xFFFF, self._time & 0xFFFFFFFF, self._ssrc)
        assert self._to is not None  # noqa: S101 (the clock knows connected sounds only)
        try:
            self._socket.sendto(head + payload, self._to)
        except (BlockingIOError, ConnectionRefusedError):
            return  # the other side has just closed its port; sound is never sent again
        self.sent += 1

    def _readable(self) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                data = self._socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if len(data) <= HEADER.size:
                continue
            _, kind, _, time, _ = HEADER.unpack_from(data)
            self._hear(kind & 0x7F, time, data[HEADER.size :])

    def _hear(self, kind: int, time: int, payload: bytes) -> None:
        self.received += 1
        if kind == PCMU:
            self._heard.append(payload)
            self._heard_packets += 1
            self._news.set()
        elif kind == self._event_type:
            pressed = (time, KEYS[EVENT.unpack_from(payload)[0]])
            if pressed not in self._keys_heard:
                self._keys_heard.append(pressed)


class _Clock:
    """Ticks every connected sound each 20 ms, without drift."""

    _clocks: dict[asyncio.AbstractEventLoop, "_Clock"] = {}  # noqa: RUF012 (one for each loop, on purpose)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._sounds: set[Sound] = set()
        self._due = 0.0
        self._ticking = False

    @classmethod
    def of_this_loop(cls) -> "_Clock":
        loop = asyncio.get_running_loop()
        if loop not in cls._clocks:
            cls._clocks = {loop: cls(loop)}  # loops follow one another; an old one is never used again
        return cls._clocks[loop]

    def add(self, sound: Sound) -> None:
        self._sounds.add(sound)
        if not self._ticking:
            self._ticking = True
            self._due = self._loop.time()
            self._loop.call_soon(self._tick)

    def remove(self, sound: Sound) -> None:
        self._sounds.discard(sound)

    def _tick(self) -> None:
        for sound in tuple(self._sounds):
            sound.tick()
        self._due += PACKET_S
        self._ticking = bool(self._sounds)
        if self._ticking:
            self._loop.call_at(self._due, self._tick)
