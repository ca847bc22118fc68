"""The centre's door during the demo: opened and closed by the commands that operations staff use.

The sample centre has the city's hours and the demo runs at any hour of any day; so it opens ad hoc while it
plays, and closes for the call outside hours. Both are taken back at the end, and end by themselves anyway.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

AT_MOST = timedelta(minutes=15)


class DoorError(Exception):
    """The command was refused; the message is what it said."""


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    """Keep the centre open."""
    async with _ad_hoc("open"):
        yield


@asynccontextmanager
async def closed() -> AsyncIterator[None]:
    """Keep the centre closed."""
    async with _ad_hoc("close"):
        yield


@asynccontextmanager
async def _ad_hoc(command: str) -> AsyncIterator[None]:
    until = (datetime.now(UTC) + AT_MOST).isoformat(timespec="seconds")
    entered: dict[str, Any] = json.loads(await _madoguchi(command, "--until", until, "--json"))
    try:
        yield
    finally:
        await _madoguchi("hours", "--cancel", entered["id"])


async def _madoguchi(*arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "madoguchi", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    if process.returncode != 0:
        raise DoorError(f"madoguchi {arguments[0]}: {complaint.decode().strip()}")
    return said
