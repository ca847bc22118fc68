"""A websocket that stays open while nobody reports to it: what the feed does then."""

import asyncio
from contextlib import aclosing

import pytest
from aiohttp import web

from telephony.asterisk.client import Ari
from telephony.asterisk.feed import DEAF, Connected, Feed, Item, Lost, Received

LIMIT_S = 10.0
QUIET_S = 0.05


class Deafening:
    """An ARI that sends to its websockets what it is asked to, but to the first *deaf* of them."""

    def __init__(self, *, deaf: int, gone: bool = False) -> None:
        self.opened = self.asked = 0
        self._deaf, self._gone = deaf, gone
        self._open: web.WebSocketResponse | None = None

    async def events(self, request: web.Request) -> web.WebSocketResponse:
        """Open a websocket, and keep it open whatever happens."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.opened += 1
        self._open = socket if self.opened > self._deaf else None
        async for _ in socket:
            pass
        return socket

    async def filter(self, _: web.Request) -> web.Response:
        """Take the event filter."""
        return web.json_response({})

    async def echo(self, _: web.Request) -> web.Response:
        """Send the event that was asked for."""
        self.asked += 1
        if self._open is None:
            return web.Response(status=404 if self._gone else 204)
        await self._open.send_json({"type": "ChannelUserevent"})
        return web.Response(status=204)


async def _served(server: Deafening) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_get("/ari/events", server.events)
    app.router.add_post("/ari/events/user/echo", server.echo)
    app.router.add_put("/ari/applications/madoguchi/eventFilter", server.filter)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/ari"


async def _heard(server: Deafening, count: int, *, asked: int = 0) -> list[Item]:
    """Return the first *count* items, and listen on until the server was asked so often."""
    runner, url = await _served(server)
    items: list[Item] = []
    try:
        async with (
            asyncio.timeout(LIMIT_S),
            Ari(url, "u", "p") as ari,
            aclosing(Feed(ari, tuple, quiet_s=QUIET_S).listen()) as feed,
        ):
            async for item in feed:
                items.append(item)
                if len(items) >= count:
                    break
            if asked:
                listening = asyncio.ensure_future(anext(feed))
                while server.asked < asked:
                    await asyncio.wait([listening], timeout=QUIET_S)
                    assert not listening.done()
                listening.cancel()
                await asyncio.wait([listening])
    finally:
        await runner.cleanup()
    return items


@pytest.mark.parametrize("gone", [False, True])
async def test_a_websocket_to_which_nobody_reports_is_opened_anew(*, gone: bool) -> None:
    server = Deafening(deaf=1, gone=gone)
    assert await _heard(server, 3) == [Connected(()), Lost(DEAF), Connected(())]
    assert server.opened == 2


async def test_silence_alone_ends_no_connection_and_echoes_are_not_passed_on() -> None:
    server = Deafening(deaf=0)
    items = await _heard(server, 1, asked=3)
    assert items == [Connected(())]
    assert not any(isinstance(item, Received) for item in items)
    assert server.opened == 1
