"""A transport to a browser that reads only as fast as the test lets it."""

import asyncio
from typing import Any

import orjson


class Pipe:
    """A transport whose peer reads what the test lets it read."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.writes = 0
        self.unread = 0
        self.reads = True
        self.cut = False
        self._written = asyncio.Event()

    def write(self, data: bytes) -> None:
        assert not self.cut
        self._written.set()
        self.writes += 1
        self.frames += _frames(data)
        self.unread += 0 if self.reads else len(data)

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return self.cut

    def abort(self) -> None:
        self.cut = True

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [orjson.loads(frame[frame.index(b"{") :]) for frame in self.frames]

    async def next(self, after: int) -> dict[str, Any]:
        """Return the message that follows *after* ones."""
        async with asyncio.timeout(3):
            while len(self.frames) <= after:
                self._written.clear()
                await self._written.wait()
        return self.messages[after]


def _frames(data: bytes) -> list[bytes]:
    """Split what a server wrote into frames (RFC 6455, 5.2: no mask)."""
    found = []
    while data:
        head = {126: 4, 127: 10}.get(data[1], 2)
        size = int.from_bytes(data[2:head], "big") if head > 2 else data[1]
        found.append(data[: head + size])
        data = data[head + size :]
    return found
