"""Writes messages into a folder: to try out without sending anything, or for a program that sends them."""

import asyncio
import os
from pathlib import Path

import orjson

from booking.messages.message import Message
from booking.messages.ports import Sent
from booking.outgoing.answers import Later, Taken

_OWNER_ONLY = 0o600


class FolderSink:
    """Fills `booking.messages.ports.Sink`. A message's file is named for its key, so there is one of each."""

    repeatable = True

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind

    async def send(self, message: Message) -> Sent:
        """Write the file, whole or not at all."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            return Later(f"{error.filename} cannot be used ({error.strerror}).", everybody=True)
        return Taken()

    def _write(self, message: Message) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{message.key.replace(':', '-')}.json"
        content = {
            "key": message.key,
            "channel": self._kind,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
        }
        beside = file.with_suffix(".part")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb") as opened:
            opened.write(orjson.dumps(content, option=orjson.OPT_INDENT_2))
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
