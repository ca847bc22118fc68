"""One socket of somebody who watches the floor. Nothing is asked here: commands go to the HTTP interface."""

from aiohttp import WSCloseCode, WSMsgType, web

from agents.floor.feed import FloorFeed
from agents.floor.listener import Listener


class FloorConnection:
    """Lets one socket follow *feed* until it closes."""

    def __init__(self, feed: FloorFeed, socket: web.WebSocketResponse, listener: Listener) -> None:
        self._feed, self._socket, self._listener = feed, socket, listener

    async def serve(self, resume_from: int | None) -> None:
        """Go on after *resume_from*, or begin with a snapshot, and serve until the socket closes."""
        self._feed.join(self._listener, resume_from)
        try:
            async for message in self._socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    await self._socket.close(
                        code=WSCloseCode.POLICY_VIOLATION, message=b"nothing is asked here"
                    )
        finally:
            self._feed.leave(self._listener)

    async def close(self) -> None:
        """Send the person away: signed out, taken off the roster, or the program ends."""
        self._feed.leave(self._listener)  # no frame may follow the close
        await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"signed out")
