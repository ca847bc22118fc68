"""Starts a receiver and reads what it got."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres_fixture import free_port

SECRET = "the secret that city and centre agreed on"
READY_S = 20.0


@dataclass(frozen=True, slots=True)
class RunningReceiver:
    """One that runs. *file* is its database."""

    url: str
    file: Path

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return rows of its database."""
        database = sqlite3.connect(self.file, timeout=10)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()

    def call_full(self, reservation: str) -> None:
        """From now on it has no room for this one."""
        self._change("INSERT INTO full VALUES (?)", reservation)

    def break_at(self, key: str) -> None:
        """From now on it fails whenever it gets this change."""
        self._change("INSERT INTO broken VALUES (?)", key)

    def _change(self, statement: str, value: str) -> None:
        database = sqlite3.connect(self.file, timeout=10)
        with database:
            database.execute(statement, (value,))
        database.close()


@asynccontextmanager
async def receiver(folder: Path, *, faults: float = 0.0, seed: str = "1") -> AsyncIterator[RunningReceiver]:
    """Run one until the block ends."""
    port, file = free_port(), folder / "receiver.sqlite"
    arguments = ("tests.receiver.server", str(port), str(file), SECRET, str(faults), seed)
    nursery = await nurse(*arguments)
    try:
        async with asyncio.timeout(READY_S):
            while not await _listens(port):  # noqa: ASYNC110 -- another process: there is no event to await
                await asyncio.sleep(0.02)
        yield RunningReceiver(f"http://127.0.0.1:{port}/changes", file)
    finally:
        await end(nursery)


async def nurse(*arguments: str) -> asyncio.subprocess.Process:
    """Start a nursery (``tests.receiver.nursery``) in a process group of its own."""
    command = (sys.executable, "-m", "tests.receiver.nursery", *arguments)
    return await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )


async def end(nursery: asyncio.subprocess.Process) -> None:
    """End it with its child."""
    if nursery.returncode is None:
        os.killpg(nursery.pid, signal.SIGKILL)
    await nursery.communicate()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
