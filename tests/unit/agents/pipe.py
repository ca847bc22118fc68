"""A transport to a browser that reads only as fast as the test lets it."""

import asyncio
from typing import Any

import orjson


class Pipe:
    """A transport whose peer reads what the test lets it read."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.unread = 0
        self.reads = True
        self.cut = False
        self._written = asyncio.Event()

    def write(self, frame: bytes) -> None:
        assert not self.cut
        self._written.set()
        self.frames.append(frame)
        self.unread += 0 if self.reads else len(frame)

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
