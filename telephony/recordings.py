"""Checksums of finished recordings, so that a recording can be proved to be the one that was made (R14, R20).

PostgreSQL holds the list of what is to be measured; it is filled when a call's record is stored. A file is
measured when its writer has closed it, or has left it alone for so long that it must have died.
Voice messages are fetched first: Asterisk records them into a folder of its own.
"""

import asyncio
import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from storage import Pool, statements
from telephony.wav import NotWavError, inspect

SQL = statements("recordings")
MOST_AT_ONCE = 50
ABANDONED_S = 60.0
"""A file that is not closed and was not touched for so long has lost its writer."""

FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 3_600.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is stored of a recording."""

    sha256: str
    bytes: int
    seconds: float
    problem: str | None = None


class NotReadyError(Exception):
    """The file cannot be measured now; the message says why."""


def measure(folder: Path, name: str) -> Measured:
    """Measure the recording *name* below *folder*. Raises `NotReadyError`. Reads the whole file."""
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise NotReadyError(f"{name} lies outside the recordings.")
    try:
        wav = inspect(file)
        abandoned = time.time() - file.stat().st_mtime > ABANDONED_S
        if not wav.finished and not abandoned:
            raise NotReadyError(f"{name} is still being written.")
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except (NotWavError, OSError) as error:
        raise NotReadyError(f"{name} cannot be read: {error}") from error
    problem = None if wav.finished else "Asterisk died before it closed the file"
    return Measured(digest, wav.bytes, round(wav.seconds, 3), problem)


def fetch(messages: Path, folder: Path, name: str) -> None:
    """Move the voice message *name* from *messages* to its place below *folder*, if it is there.

    Recordings of conversations lie in *folder* already. New directories belong to whom *folder* belongs:
    Asterisk writes there too. Raises OSError.
    """
    source, target = messages / Path(name).name, folder / name
    if not source.is_file() or not target.resolve().is_relative_to(folder.resolve()):
        return
    owner = folder.stat()
    for directory in reversed([each for each in target.parents if each.is_relative_to(folder)]):
        if not directory.exists():
            directory.mkdir(mode=owner.st_mode & 0o777)
            os.chown(directory, owner.st_uid, owner.st_gid)
    shutil.move(source, target)


class Recordings:
    """Fetches and measures what is due."""

    def __init__(self, folder: Path, messages: Path, pool: Pool) -> None:
        self._folder = folder
        self._messages = messages
        self._pool = pool

    async def once(self) -> int:
        """Measure what is due and return how many were measured. Raises what asyncpg raises."""
        due = await self._pool.fetch(SQL["to_measure"], MOST_AT_ONCE)
        measured = 0
        for row in due:
            measured += await self._measure(row["call_id"], row["file"], row["tries"])
        return measured

    async def _measure(self, call: str, name: str, tries: int) -> bool:
        try:
            await asyncio.to_thread(fetch, self._messages, self._folder, name)
            found = await asyncio.to_thread(measure, self._folder, name)
        except (NotReadyError, OSError) as why:
            delay = min(FIRST_RETRY_S * 2**tries, LONGEST_RETRY_S)
            await self._pool.execute(SQL["try_later"], call, name, delay, str(why))
            log.info("recording.not_ready", call=call, problem=str(why), again_s=delay)
            return False
        await self._pool.execute(
            SQL["measured"], call, name, found.sha256, found.bytes, found.seconds, found.problem
        )
        log.info("recording.measured", call=call, seconds=found.seconds, problem=found.problem)
        return True
