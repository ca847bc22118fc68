"""One socket that follows the floor. It gets ready-made frames, and never keeps more than it can take.

Whoever reads too slowly is sent nothing for a while, and then a fresh snapshot: memory does not grow with
slow readers, and nobody else waits for them.
"""

import asyncio
import time
from collections.abc import Callable

BEHIND_BYTES = 64 * 1024
"""With so much unsent in its transport a socket is behind: some seconds of a busy floor."""

STUCK_S = 20.0
"""A socket that is behind and takes nothing for so long is dead or hopeless."""


class Listener:
    """Writes whole frames to *transport*, beside whatever aiohttp writes there itself (pings, the close)."""

    def __init__(
        self, transport: asyncio.WriteTransport, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport, self._clock = transport, clock
        self._behind_since: float | None = None

    @property
    def is_behind(self) -> bool:
        """Whether it missed something, and needs a snapshot."""
        return self._behind_since is not None

    def take(self, frame: bytes) -> None:
        """Send *frame*, unless the socket is behind or just became so. Never blocks."""
        if self.is_behind or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > BEHIND_BYTES:
            self._behind_since = self._clock()
        else:
            self._transport.write(frame)

    def catch_up(self, snapshot: Callable[[], bytes]) -> None:
        """Begin again with a snapshot once everything sent before has gone out; give up on who is stuck."""
        if self._behind_since is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() == 0:
            self._behind_since = None
            self._transport.write(snapshot())
        elif self._clock() - self._behind_since > STUCK_S:
            self._transport.abort()
