"""Keeps Asterisk's own logs from growing for ever: strangers can make it write.

Asterisk itself closes, renames and opens them, so it never writes into a file that is gone, nor loses a line.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.manager import Manager

LOOK_EVERY_S = 30.0
LARGEST = 20_000_000
"""Bytes; the supervisor keeps the other processes' logs so long, too."""

KEPT = 5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AsteriskLogs:
    """The logs in *folder*. With ``rotatestrategy = rotate``, ``x.log.0`` is the one before ``x.log``."""

    folder: Path
    manager: Manager
    largest: int = LARGEST

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(LOOK_EVERY_S)

    async def once(self) -> None:
        """Begin all anew if one has grown too large, and remove the oldest."""
        try:
            if not await asyncio.to_thread(self._too_large):
                return
            # Source: AMI action LoggerRotate, which does what "logger rotate" does.
            await self.manager.ask("LoggerRotate")
            await asyncio.to_thread(self._remove_oldest)
        except (AsteriskError, OSError) as error:
            log.warning("asterisk.logs_not_rotated", reason=str(error))

    def _too_large(self) -> bool:
        return any(file.stat().st_size > self.largest for file in self.folder.glob("*.log"))

    def _remove_oldest(self) -> None:
        for file in self.folder.glob("*.log.*"):
            number = file.suffix.removeprefix(".")
            if number.isdecimal() and int(number) >= KEPT:
                file.unlink(missing_ok=True)
