"""Callers who come all the time, whatever happens: SIPp calls ten times a second, and all leave soon."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.demo.running import sip_address
from tests.acceptance.copy import Copy
from tests.acceptance.storm.evidence import CallerSide, caller_side
from tests.phones.sipp import Plan, Sipp

BATCH, PER_S = 150, 12.0
"""SIPp's last callers of a batch leave before the next batch begins, so a little more than ten a second."""

STAY_MS = (300, 3_000)
PORT = 5_075
NUMBER = "0907{:07}"


@dataclass(slots=True)
class Traffic:
    """*callers* is what SIPp's ledgers say of every call so far."""

    copy: Copy
    folder: Path
    seed: int
    callers: list[CallerSide] = field(default_factory=list)
    _batch: int = 0

    async def flow(self, stop: asyncio.Event) -> None:
        """Let batches come until *stop*; the last one is seen to its end."""
        while not stop.is_set():
            await self._one_batch()

    async def _one_batch(self) -> None:
        rng = random.Random(f"traffic {self.seed} {self._batch}")
        first = self._batch * BATCH
        self._batch += 1
        plans = [Plan(NUMBER.format(first + n), leave_ms=rng.randint(*STAY_MS)) for n in range(BATCH)]
        running = self.copy.running
        sipp = Sipp(
            sip_address(running),
            running["trunk"]["number"],
            plans,
            self.folder / f"batch-{self._batch}",
            rate=PER_S,
            port=PORT,
            name=f"chaos-{self.seed}-{self._batch}",
        )
        await sipp.start()
        try:
            ledger = await sipp.finish()
        finally:
            sipp.kill()
        self.callers += [
            caller_side(sipp.call_id(n), plan.caller, "leaves soon", ledger) for n, plan in enumerate(plans)
        ]
