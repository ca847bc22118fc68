"""``python -m bench.floor_watchers URL TOKEN COUNT``: so many pages that watch the floor, as one process.

Says ``ready`` when all are connected, and when its input is closed what they saw, as JSON: by message number
when the last of them had it, how many had it, and when what it tells of had happened (epoch seconds).
"""

import asyncio
import json
import os
import sys
import time
from contextlib import AsyncExitStack
from datetime import datetime

import aiohttp
import orjson

LIMIT_S = 300


class Watchers:
    """*count* sockets; only the first reads what is in the messages."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.last: dict[int, float] = {}
        self.seen: dict[int, int] = {}
        self.happened: dict[int, list[float]] = {}
        self.snapshots = 0
        self._since: dict[str, str] = {}
        self._readers: list[asyncio.Task[None]] = []

    async def watch(self, url: str, token: str) -> None:
        """Connect all, and follow until the input is closed."""
        head = {"Authorization": f"Bearer {token}"}
        async with AsyncExitStack() as exits:
            client = await exits.enter_async_context(
                aiohttp.ClientSession(url, headers=head, connector=aiohttp.TCPConnector(limit=0))
            )
            sockets = []
            for _ in range(self._count):
                async with client.post("/api/desk/ticket", raise_for_status=True) as answer:
                    ticket = (await answer.json())["ticket"]
                sockets.append(
                    await exits.enter_async_context(
                        client.ws_connect("/api/floor", params={"ticket": ticket}, max_msg_size=0)
                    )
                )
            self._readers = [
                asyncio.create_task(self._read(socket, first=place == 0))
                for place, socket in enumerate(sockets)
            ]
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            async with asyncio.timeout(LIMIT_S):
                await asyncio.to_thread(sys.stdin.read)
            self._tell()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, *, first: bool) -> None:
        async for message in socket:
            now, text = time.time(), message.data
            seq = int(text[: text.index(",", text.index('"seq":'))].rsplit(":", 1)[1])
            if not text.startswith('{"type":"delta"'):
                self.snapshots += 1
                if first:
                    self._changed(text)
                continue
            self.last[seq] = now
            self.seen[seq] = self.seen.get(seq, 0) + 1
            if first:
                self.happened[seq] = [
                    datetime.fromisoformat(since).timestamp() for since in self._changed(text)
                ]

    def _changed(self, text: str) -> list[str]:
        """Return since when operators are what they are now, of those who were something else before.

        An operator is also told of when only the telephone registers: that is no new state.
        """
        agents = {each["name"]: each["since"] for each in orjson.loads(text).get("agents", [])}
        changed = [since for name, since in agents.items() if self._since.get(name) != since]
        self._since |= agents
        return changed

    def _tell(self) -> None:
        """Say what was seen, and end at once: nobody wants hundreds of closing handshakes."""
        told = {"last": self.last, "seen": self.seen, "happened": self.happened}
        sys.stdout.write(json.dumps({**told, "snapshots": self.snapshots}))
        sys.stdout.flush()
        os._exit(0)


def main() -> None:
    """Watch, and tell."""
    url, token, count = sys.argv[1:]
    asyncio.run(Watchers(int(count)).watch(url, token))


if __name__ == "__main__":
    main()
