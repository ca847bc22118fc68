"""Watches the controller's heartbeat. When it stops, callers must not hear silence.

A hung controller keeps the application registered, so the dialplan cannot see it: it is killed (its
supervisor starts another), and every caller whom it held is moved into the dialplan's own waiting, with an
announcement and music, from where the next controller fetches them. Whoever talks to an operator is not
touched.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from telephony.asterisk import offer_extension, transfers
from telephony.asterisk.answers import Channel
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import AsteriskError, Refused
from telephony.asterisk.manager import Manager
from telephony.heartbeat import DRIVER_VARIABLE, Pulse
from telephony.model.ids import LegId
from telephony.recovery import STASIS, Snapshot

SILENT_S = 2.0
"""Ten beats. Longer than a healthy controller ever pauses, short enough that nobody hears 3 s of silence."""

LOOK_EVERY_S = 0.1
LATE_S = 0.5
"""A machine that wakes us so late stands still for the controller too, as a paused virtual machine does, of
which its processes are told nothing. Of waiting for a processor they are (`Pulse`)."""

AGAIN_S = 1.0
"""How long until those are looked for who came in meanwhile."""

CONTEXTS = frozenset({"from-trunk", offer_extension.CONTEXT, transfers.CONTEXT})
LABEL = "stalled"
"""Where callers are moved to; the dialplan has this label in each context of `moves`."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Watch:
    """*kill* ends the controller with this process id, if it still runs."""

    pulse: Pulse
    ari: Ari
    manager: Manager
    kill: Callable[[int], None]
    _late_at: float = 0.0

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            if self._silent():
                await self._take_over()
                await asyncio.sleep(AGAIN_S)
            else:
                await self._look_again()

    async def _look_again(self) -> None:
        began = time.monotonic()
        await asyncio.sleep(LOOK_EVERY_S)
        if time.monotonic() - began > LATE_S:
            self._late_at = time.monotonic()

    def _silent(self) -> bool:
        """Whether no beat came for `SILENT_S`, in which we ourselves were in time."""
        silent_s = self.pulse.silent_s()
        in_time_s = time.monotonic() - self._late_at
        return silent_s is not None and min(silent_s, in_time_s) > SILENT_S

    async def _take_over(self) -> None:
        pid = self.pulse.pid()
        if pid is not None:
            self.kill(pid)
        try:
            moved = await self._move()
        except AsteriskError as error:
            log.warning("rescue.not_moved", controller=pid, reason=str(error))
        else:
            log.warning("rescue.controller_silent", controller=pid, moved=moved)

    async def _move(self) -> list[LegId]:
        """Move everybody who is held; return whom. Ends early when another controller drives already."""
        if await self._another_drives():
            return []
        moved = []
        for leg in held(await self.ari.channels()):
            if not self._silent():
                break
            with suppress(Refused):  # the caller has just left
                await self.manager.redirect(leg.id, leg.context, leg.extension, LABEL)
                moved.append(leg.id)
        return moved

    async def _another_drives(self) -> bool:
        """Whether another machine's controller has begun to drive since ours fell silent."""
        ours = self.pulse.driver()
        if ours is None:
            return False
        driver = await self.manager.get_global(DRIVER_VARIABLE)
        return driver.rpartition("-")[2] != ours


def moves(context: str) -> bool:
    """Whether callers are moved who are in this context."""
    return context in CONTEXTS or context.startswith(transfers.REFERRAL)


def held(channels: Sequence[Channel]) -> list[Channel]:
    """Return the callers' legs that only a controller can do anything for. Nobody who is in ``Dial()``."""
    return [
        leg
        for leg in Snapshot(channels, ()).callers().values()
        if leg.application == STASIS and moves(leg.context) and leg.extension.isprintable()
    ]
