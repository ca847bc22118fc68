"""A process to be killed: writes facts as fast as it can and says after each what has been written."""

import asyncio
import itertools
from multiprocessing.connection import Connection
from pathlib import Path

from telephony.journal import Journal
from telephony.model.commands import Record
from telephony.model.ids import Instant

STREAMS = 5


def write_for_ever(file: Path, round_number: int, told: Connection) -> None:
    """Send the last number that was written to every stream, again and again; 0 at the start."""
    asyncio.run(_write(file, round_number, told))


async def _write(file: Path, round_number: int, told: Connection) -> None:
    journal = Journal(file)
    told.send(0)
    for number in itertools.count(1):
        for stream in range(STREAMS):
            data = {"round": round_number, "n": number}
            journal.write(Record(f"agent:a{stream}", Instant(float(number)), "agent.state", data))
        told.send(number)
        if number % 50 == 0:
            await journal.flush()
