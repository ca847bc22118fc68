"""app_queue's screen-pop, as lean as it can be: AMI's agent events for the screen beside the ringing phone.

What a call centre on app_queue runs beside Asterisk so that operators see who calls. It asks AMI for three
events and for nothing else, keeps no state and looks nobody up, so that its price is the lowest there is.

``python -m bench.peer_desk AMI_PORT`` reads the password from its standard input, signs in as `USER`,
prints the port on which it serves ``/desk?phone=EXTENSION`` (WebSocket), and serves until it is ended.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import aiohttp
import orjson
import panoramisk
import uvloop
from aiohttp import web
from panoramisk.message import Message

USER = "desk"
"""The AMI user."""

EVENTS = {"AgentCalled": "offer", "AgentConnect": "call", "AgentComplete": "ended"}
"""What is shown of which event."""


class _Screens:
    """The sockets by the phone that stands beside each of them."""

    def __init__(self) -> None:
        self._sockets: dict[str, web.WebSocketResponse] = {}

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Keep one screen open until it goes."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        phone = request.query["phone"]
        self._sockets[phone] = socket
        async for _ in socket:
            pass
        del self._sockets[phone]
        return socket

    async def show(self, _: panoramisk.Manager, event: Message) -> None:
        """Pass one event on to the screen that it is about."""
        phone = event.get("Interface").removeprefix("PJSIP/").partition("@")[0]
        socket = self._sockets.get(phone)
        if socket is None:  # nobody sits there
            return
        news = {
            "type": EVENTS[event.get("Event")],
            "call": event.get("Uniqueid"),
            "caller": event.get("CallerIDNum"),
            "queue": event.get("Queue"),
        }
        with contextlib.suppress(ConnectionError):
            await socket.send_str(orjson.dumps(news).decode())


async def _serve(ami_port: int, password: str) -> None:
    screens = _Screens()
    manager = panoramisk.Manager(
        host="127.0.0.1", port=ami_port, username=USER, secret=password, events="agent"
    )
    for name in EVENTS:
        manager.register_event(name, screens.show)
    await manager.connect()
    app = web.Application()
    app.router.add_get("/desk", screens.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def start(ami_port: int, password: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start it as a process of its own; returns that and its port."""
    command = [sys.executable, "-m", "bench.peer_desk", str(ami_port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a process without the pipes that were asked for")
    process.stdin.write(password.encode() + b"\n")
    process.stdin.close()
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("the peers' screen-pop does not start")
    return process, int(line)


@asynccontextmanager
async def screens(port: int, phones: Sequence[str]) -> AsyncIterator[Mapping[str, list[str]]]:
    """Open a screen beside every phone; yields the calls that popped up on each of them."""
    popped: dict[str, list[str]] = {phone: [] for phone in phones}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        sockets = [await session.ws_connect("/desk", params={"phone": phone}) for phone in phones]
        readers = [
            asyncio.create_task(_read(socket, popped[phone]))
            for phone, socket in zip(phones, sockets, strict=True)
        ]
        yield popped
        for socket in sockets:
            await socket.close()
        await asyncio.gather(*readers)


async def _read(socket: aiohttp.ClientWebSocketResponse, popped: list[str]) -> None:
    async for message in socket:
        news = json.loads(message.data)
        if news["type"] == "offer":
            popped.append(news["call"])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1]), sys.stdin.readline().strip()))
