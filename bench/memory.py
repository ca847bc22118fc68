"""The controller's memory: with a thousand callers waiting, and after many calls have come and gone."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bench.centre import NUMBER, caller
from bench.measure import Measure
from bench.process_time import resident_mb
from madoguchi.demo.running import sip_address
from madoguchi.demo.screen import Message
from tests.acceptance.copy import Copy
from tests.phones.sipp import Plan, Sipp

WAITING = 1_000
ALLOWED_MB = 120
COME = 1_050
"""More than are wanted: a thousand with music take two processors, and some get in late or not at all."""

ARRIVE_PER_S = 20
STAY_MS = 1_000 * (COME // ARRIVE_PER_S + 40)
PATIENCE_S = STAY_MS / 1_000
GROWTH_PER_S = 40
GROWTH_STAY_MS = 1_500
WARM_UP = 0.2  # of the calls: caches and pools fill before growth is counted
GROWTH_MB = 5.0
"""Noise of the allocator; a leak of 1 kB a call would be 20 MB over 20,000 calls."""

PORT = 5_085


@dataclass(frozen=True, slots=True)
class Memory:
    """Measures the controller of *copy*."""

    copy: Copy
    folder: Path

    async def waiting(self) -> Measure:
        """Megabytes while a thousand callers wait and no operator is there.

        Raises TimeoutError when the machine does not bring so many into the line.
        """
        sipp = self._callers("waiting", COME, ARRIVE_PER_S, STAY_MS)
        await sipp.start()
        try:
            async with self.copy.supervisor() as screen:
                async with asyncio.timeout(PATIENCE_S):
                    await screen.until(lambda message: _in_line(message) >= WAITING)
                value = resident_mb(self._controller)
            await sipp.finish()
        finally:
            sipp.kill()
        return Measure(f"controller's memory, {WAITING} waiting", "MB", [value], limit=ALLOWED_MB)

    async def growth(self, calls: int) -> Measure:
        """Megabytes that *calls* callers, who give up after a moment, leave behind."""
        await self._come_and_go("warm-up", round(calls * WARM_UP))
        begin = resident_mb(self._controller)
        await self._come_and_go("growth", calls)
        grown = resident_mb(self._controller) - begin
        return Measure(f"controller's growth over {calls} calls", "MB", [grown], limit=GROWTH_MB)

    @property
    def _controller(self) -> int:
        return self.copy.running["processes"]["controller"]

    async def _come_and_go(self, name: str, calls: int) -> None:
        sipp = self._callers(name, calls, GROWTH_PER_S, GROWTH_STAY_MS)
        await sipp.start()
        try:
            await sipp.finish()
        finally:
            sipp.kill()

    def _callers(self, name: str, calls: int, per_s: float, stay_ms: int) -> Sipp:
        plans = [Plan(caller(number), leave_ms=stay_ms) for number in range(calls)]
        address = sip_address(self.copy.running)
        return Sipp(
            address, NUMBER.replace("-", ""), plans, self.folder / name, rate=per_s, port=PORT, name=name
        )


def _in_line(message: Message) -> int:
    queue = message.get("queue")
    return int(queue["waiting"]) if isinstance(queue, dict) else 0
