"""Runs the race: starts the server, lets the clients go, kills what must survive it, and calls the judge."""

import asyncio
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from storage import migrate
from tests.integration.agents.centre import CLI_TOKEN
from tests.integration.booking.race.client import Client, Tally
from tests.integration.booking.race.judge import Judgement, judge
from tests.integration.booking.race.server import SLOTS
from tests.postgres_fixture import Cluster, free_port

CLIENTS = 64
PATIENCE_S = 20.0
LONGEST_S = 900.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Race:
    """How it went: *faults* is empty when all is as promised. *judgement* is what the database says."""

    tally: Tally
    judgement: Judgement
    seconds: float
    kills: int

    @property
    def faults(self) -> list[str]:
        """Return what clients saw that they should not, and what the judge found."""
        return self.tally.faults + self.judgement.faults


class Server:
    """The server's process."""

    def __init__(self, database: str, home: Path) -> None:
        self._database, self._home, self._port = database, home, free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it listens, after every start the same."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Start it and wait until it answers with all slots."""
        module = f"{__package__}.server"
        arguments = (sys.executable, "-m", module, self._database, str(self._port), str(self._home))
        with (self._home / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*arguments, stdout=log, stderr=log)
        async with asyncio.timeout(PATIENCE_S), self.client() as http:
            while await self.slots(http) is None:  # noqa: ASYNC110 -- another process: there is no event to await
                await asyncio.sleep(LOOK_S)

    def client(self) -> aiohttp.ClientSession:
        """Return the clients' way in."""
        headers = {"Authorization": f"Bearer {CLI_TOKEN}"}
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        limits = aiohttp.TCPConnector(limit=CLIENTS)
        return aiohttp.ClientSession(self.url, headers=headers, connector=limits, timeout=patience)

    async def slots(self, http: aiohttp.ClientSession) -> list[str] | None:
        """Return the slots' names, or None as long as not all are there."""
        if self._process is not None and self._process.returncode is not None:
            raise RuntimeError((self._home / "server.log").read_text()[-2_000:])
        try:
            async with http.get("/api/slots") as answer:
                names = [slot["id"] for slot in (await answer.json()).get("slots", [])]
        except aiohttp.ClientError:
            return None
        return names if len(names) == SLOTS else None

    async def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def race(
    postgres: Cluster, home: Path, requests: int, kills: int, longest_s: float = LONGEST_S
) -> Race:
    """Answer *requests* requests of all clients, with *kills* of the server and of PostgreSQL in turn.

    After *longest_s* it ends with what was answered until then.
    """
    await migrate(postgres.url)
    due = [requests * number // (kills + 1) for number in range(1, kills + 1)]
    server, tally = Server(postgres.url, home), Tally(milestones={count: asyncio.Event() for count in due})
    await server.start()
    began = time.monotonic()
    tally.deadline = asyncio.get_running_loop().time() + longest_s
    struck = 0
    try:
        async with server.client() as http, asyncio.TaskGroup() as group:
            slots = await server.slots(http) or []
            killer = group.create_task(_kill_in_turn(server, postgres, tally), name="killer")
            clients = [
                group.create_task(
                    Client(http, slots, tally, random.Random(number)).run(requests), name=f"client-{number}"
                )
                for number in range(CLIENTS)
            ]
            await asyncio.wait(clients)
            for milestone in tally.milestones.values():
                milestone.set()  # those that were not reached in time
            struck = await killer
    finally:
        await server.kill()
    seconds = time.monotonic() - began
    return Race(tally, await judge(postgres.url, tally.ledger), seconds, struck)


async def _kill_in_turn(server: Server, postgres: Cluster, tally: Tally) -> int:
    """Return how often something was killed."""
    for number, (count, due) in enumerate(tally.milestones.items()):
        await due.wait()
        if tally.requests < count:
            return number
        if number % 2 == 0:
            await server.kill()
            await server.start()
        else:
            await asyncio.to_thread(postgres.kill)
            await asyncio.to_thread(postgres.start)
    return len(tally.milestones)
