"""One socket that follows a person's messages: they are written to its transport as they are made.

No task is woken for that, because an operator's screen gets many small messages in a call; those of one turn
of the loop go out in one write, because each write is a system call. Whoever reads too slowly is sent nothing
until its transport is free again, goes on where it was, and is cut off when that takes too long.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

import structlog

from agents.desk.log import MessageLog, numbered
from agents.floor.frames import text_frame

log = structlog.get_logger(__name__)

BEHIND_BYTES = 64 * 1024
"""With so much unsent in its transport a socket is behind."""

BEHIND_LIMIT_S = 10.0
"""A socket that is behind for so long is dead or hopeless."""

LOOK_AGAIN_S = 0.1


class Follower:
    """Writes the messages of *messages* from *place* on, and answers of its own, to *transport*.

    aiohttp writes whole frames to the same transport (pings, the close), so frames never mix.
    """

    def __init__(
        self,
        messages: MessageLog,
        transport: asyncio.WriteTransport,
        user: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._messages, self._transport, self._user, self._clock = messages, transport, user, clock
        self._place = messages.last_seq
        self._answers: deque[bytes] = deque()
        self._frames: list[bytes] = []
        self._behind_since: float | None = None
        self._look: asyncio.TimerHandle | None = None

    def begin(self, place: int) -> None:
        """Follow from behind *place* on."""
        self._place = place
        self._messages.join(self.go_on)
        self.go_on()

    def answer(self, body: bytes) -> None:
        """Send *body* to this socket alone; it has the number of the message before it."""
        self._answers.append(body)
        self.go_on()

    def end(self) -> None:
        """Write what this turn has made, and nothing more."""
        self._messages.leave(self.go_on)
        self._write_out()
        if self._look is not None:
            self._look.cancel()

    def go_on(self) -> None:
        """Write what there is in this turn of the loop, unless the socket is behind. Never blocks."""
        if self._transport.is_closing() or self._is_behind():
            return
        while self._answers:
            self._write(numbered(self._place, self._answers.popleft()))
        news = self._messages.after(self._place)
        if news is None:
            self._give_up("the log has gone past this socket")
            return
        for text in news:
            self._write(text)
        self._place += len(news)

    def _write(self, text: bytes) -> None:
        if not self._frames:
            asyncio.get_running_loop().call_soon(self._write_out)
        self._frames.append(text_frame(text))

    def _write_out(self) -> None:
        if self._frames and not self._transport.is_closing():
            self._transport.write(b"".join(self._frames))
        self._frames.clear()

    def _is_behind(self) -> bool:
        if self._transport.get_write_buffer_size() <= BEHIND_BYTES:
            self._behind_since = None
            return False
        now = self._clock()
        self._behind_since = self._behind_since or now
        if now - self._behind_since > BEHIND_LIMIT_S:
            self._give_up("it takes nothing")
        elif self._look is None:
            self._look = asyncio.get_running_loop().call_later(LOOK_AGAIN_S, self._look_again)
        return True

    def _look_again(self) -> None:
        self._look = None
        self.go_on()

    def _give_up(self, reason: str) -> None:
        """Cut the socket off. No polite close: it would only queue behind what the peer does not read."""
        log.info("desk.too_slow", user=self._user, reason=reason)
        self._transport.abort()
