"""SIPp as a citizen who speaks with a tone, and what arrives at its telephone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from madoguchi.demo.phones import Ledger
from madoguchi.demo.running import sip_address
from tests.acceptance.copy import Copy
from tests.acceptance.listening.ears import LIMIT_S, TONES
from tests.phones.capture import write_tone
from tests.phones.sipp import CARRIER, Nudger, Plan, Sipp
from tests.phones.wire import Wire

NUMBER, KEY = "09012345678", "1"
VOICE_S = 120
"""Longer than any round."""


@dataclass(frozen=True, slots=True)
class Caller:
    """One call. It ends when the caller leaves, or the centre ends it."""

    sipp: Sipp
    ear: Wire
    _nudger: Nudger
    _over: "asyncio.Task[Ledger]"

    @property
    def call_id(self) -> str:
        """The SIP Call-ID."""
        return self.sipp.call_id(0)

    async def leave(self) -> None:
        """Hang up, unless the call is over."""
        if not self._over.done():
            self._nudger.nudge(self.call_id)
        await self.over()

    async def over(self) -> None:
        """Wait for the end of the call."""
        async with asyncio.timeout(LIMIT_S):
            await asyncio.shield(self._over)


@asynccontextmanager
async def calling(copy: Copy, folder: Path, name: str, port: int) -> AsyncIterator[Caller]:
    """Call the centre from *port*; the caller presses a key as soon as it answers, and then speaks."""
    tone = write_tone(folder / "caller.pcap", TONES["caller"], seconds=VOICE_S)
    sipp = Sipp(
        sip_address(copy.running),
        copy.running["trunk"]["number"],
        [Plan(NUMBER, keys=KEY)],
        folder / name,
        tone=tone,
        port=port,
        name=name,
    )
    nudger = Nudger((CARRIER, port))
    async with Wire((CARRIER, sipp.media_port)) as ear:
        await sipp.start()
        over = asyncio.create_task(sipp.finish(), name=name)
        caller = Caller(sipp, ear, nudger, over)
        try:
            yield caller
            await caller.leave()
        finally:
            sipp.kill()
            over.cancel()
            nudger.close()
