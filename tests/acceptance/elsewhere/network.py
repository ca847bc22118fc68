"""Two network namespaces with a cable between them, which stand for a VPN: nothing leaves this machine.

One end is the way into Asterisk's machine: what listens there hands each connection on to a port on loopback,
as ``systemd-socket-proxyd`` does in docs/operations.md. The other end is the second machine.
"""

import asyncio
import ctypes
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

GATE, FAR = "10.99.0.1", "10.99.0.2"
"""The addresses of the two ends."""

_NETWORK = 0x40000000
"""CLONE_NEWNET, setns(2)."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Machines:
    """The names of the two namespaces."""

    gate: str
    far: str

    def inside(self, argv: Sequence[str]) -> list[str]:
        """Return the command that runs *argv* on the second machine."""
        return ["nsenter", f"--net=/run/netns/{self.far}", *argv]


@asynccontextmanager
async def cable(ports: Sequence[int]) -> AsyncIterator[Machines]:
    """Lay the cable; *ports* of this machine's loopback are reached at `GATE` while the block runs."""
    names = Machines(*(f"madoguchi-{os.getpid()}-{end}" for end in ("gate", "far")))
    async with AsyncExitStack() as exits:
        for name in (names.gate, names.far):
            _ip("netns", "add", name)
            exits.callback(_ip, "netns", "delete", name)
        _ip("-n", names.gate, "link", "add", "cable", "type", "veth", "peer", "cable", "netns", names.far)
        for name, address in ((names.gate, GATE), (names.far, FAR)):
            _ip("-n", name, "address", "add", f"{address}/30", "dev", "cable")
            for device in ("lo", "cable"):
                _ip("-n", name, "link", "set", device, "up")
        for port in ports:
            server = await _hand_on(names.gate, port)
            exits.push_async_callback(server.wait_closed)
            exits.callback(server.close)
        yield names


async def _hand_on(namespace: str, port: int) -> asyncio.Server:
    """Listen in *namespace*, and hand every connection on to loopback."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    return await asyncio.start_server(connected, sock=await asyncio.to_thread(_listener, namespace, port))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def _listener(namespace: str, port: int) -> socket.socket:
    """Return a socket that listens in *namespace*: it stays there, whoever uses it."""
    with ThreadPoolExecutor(1) as thread:  # which belongs to the other namespace afterwards, and ends
        return thread.submit(_listen, namespace, port).result()


def _listen(namespace: str, port: int) -> socket.socket:
    with Path(f"/run/netns/{namespace}").open("rb") as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _NETWORK):
            raise OSError(ctypes.get_errno(), "setns")
    return socket.create_server((GATE, port))


def _ip(*arguments: str) -> None:
    subprocess.run(["/usr/sbin/ip", *arguments], check=True)
