"""Delivers in files: CSV in a folder that the city's system reads, answered by reply files if it writes them.

Which changes a file holds is decided in the database before it is written, and its name is a number of
theirs: after a crash the same file is written again, with the same content. It appears whole or not at all.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from booking.delivery.change import Change
from booking.delivery.store import Store
from booking.delivery.table import Reply, ReplyError, replies_in, table_of
from config.schema.delivery import Delivery

MOST_IN_A_FILE = 1_000
LARGEST_REPLY = 8 * 1024 * 1024
READABLE = 0o640
"""The city's program reads it through its group; it holds personal data."""

Found = TypeVar("Found")

REPLIES = "*.csv"
DONE, BAD = ".done", ".bad"

log = structlog.get_logger(__name__)


class _NoFolder(Exception):
    """A folder cannot be used; the message is one sentence."""


class FileCarrier:
    """Fills `booking.delivery.ports.Carrier`."""

    def __init__(self, store: Store, rules: Delivery, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._folder = Path(str(rules.folder))
        self._replies = None if rules.reply_folder is None else Path(rules.reply_folder)

    async def carry(self) -> int:
        """Read what the city replied, then write what is new."""
        try:
            return await self._read_replies() + await self._write()
        except _NoFolder as error:
            log.warning("delivery.no_folder", reason=str(error))
            await self._store.stuck(str(error))
            return 0

    async def _write(self) -> int:
        written, awaits_reply = 0, self._replies is not None
        if not awaits_reply:
            await self._store.reopen()
        while changes := await self._store.next_file(MOST_IN_A_FILE):
            number = changes[0].file or changes[0].id
            await _on_disk(write_whole, self._folder / name_of(number), changes)
            carried = await self._store.handed_over(number, self._clock(), awaits_reply=awaits_reply)
            written += 0 if awaits_reply else carried
        return written

    async def _read_replies(self) -> int:
        if self._replies is None:
            return 0
        settled = 0
        for file in await _on_disk(_files_in, self._replies):
            settled += await self._read(file)
        return settled

    async def _read(self, file: Path) -> int:
        try:
            replies = replies_in(await _on_disk(_start_of, file))
        except ReplyError as error:
            log.error("delivery.bad_reply", file=str(file), reason=str(error))
            await _on_disk(file.rename, file.with_name(file.name + BAD))
            return 0
        settled = await self._settle(replies)
        await _on_disk(file.rename, file.with_name(file.name + DONE))
        return settled

    async def _settle(self, replies: list[Reply]) -> int:
        now = self._clock()
        settled = await self._store.delivered([reply.key for reply in replies if reply.taken], now)
        for reply in replies:
            if not reply.taken:
                settled += await self._store.refused(reply.key, reply.reason, now)
        return settled


async def _on_disk(work: Callable[..., Found], *arguments: object) -> Found:
    """Return what *work* finds, in a thread. Raises `_NoFolder`: the database's errors are OSErrors, too."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except OSError as error:
        raise _NoFolder(f"{error.filename} cannot be used ({error.strerror}).") from error


def name_of(number: int) -> str:
    """Return the name of a file; names sort in the order of the changes."""
    return f"madoguchi-{number:012d}.csv"


def write_whole(file: Path, changes: list[Change]) -> None:
    """Write it under another name and rename it when it is on the disk. Raises OSError."""
    beside = file.with_name(f".{file.name}.part")
    with beside.open("wb") as opened:
        opened.write(table_of(changes))
        opened.flush()
        os.fsync(opened.fileno())
    beside.chmod(READABLE)
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _files_in(folder: Path) -> list[Path]:
    """Return the reply files, in the order of their names. Raises OSError when there is no such folder."""
    os.scandir(folder).close()  # a pattern that finds nothing says nothing about a folder that is not there
    return sorted(file for file in folder.glob(REPLIES) if file.is_file() and not file.name.startswith("."))


def _start_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        raw = opened.read(LARGEST_REPLY + 1)
    if len(raw) > LARGEST_REPLY:
        raise ReplyError(f"is larger than {LARGEST_REPLY} bytes")
    return raw
