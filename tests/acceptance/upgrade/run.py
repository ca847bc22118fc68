"""The upgrade on a running centre: who is there before is there afterwards, and nobody who calls notices."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.local.supervisor import Supervisor
from telephony.heartbeat import Pulse
from tests.acceptance.chaos.crowd import Crowd
from tests.acceptance.chaos.ears import Ears
from tests.acceptance.chaos.judge import Evidence, violations
from tests.acceptance.chaos.run import note, written
from tests.acceptance.chaos.traffic import Traffic
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Office
from tests.acceptance.storm.judge import Violation
from tests.acceptance.upgrade.version import Version

SERVED_IN_ORDER = 3
OURS = ("controller", "rescue", "worker")


@dataclass(slots=True)
class Upgrades:
    """One version after another of *versions* takes over; *size* callers talk and as many wait."""

    copy: Copy
    folder: Path
    versions: Sequence[Version]
    size: int = 10
    _seen: Evidence = field(default_factory=Evidence)

    async def run(self) -> list[Violation]:
        """Upgrade; return every broken promise."""
        ears, stop = Ears(), asyncio.Event()
        async with Office(self.copy) as office:
            listening = asyncio.create_task(ears.run(), name="ears")
            traffic = Traffic(self.copy, self.folder, seed=1)
            async with Crowd(self.copy, office, ears, self.size) as crowd:
                flowing = asyncio.create_task(traffic.flow(stop), name="traffic")
                for version in self.versions:
                    await self._take_over(office, crowd, version)
                line = [place.caller for place in await crowd.places()][:SERVED_IN_ORDER]
                self._seen.served.append((line, await crowd.serve(SERVED_IN_ORDER)))
                stop.set()
                await flowing
                note(self._seen, crowd, ears, traffic)
                listening.cancel()
            known = len(self._seen.callers) + len(crowd.calls)
            await written(office, known)
            return violations(self._seen, await office.written())

    async def _take_over(self, office: Office, crowd: Crowd, version: Version) -> None:
        before = await crowd.places()
        await asyncio.to_thread(version.take_over, self.copy.environment)
        await office.ready()
        self._seen.lines.append((before, await crowd.places()))
        leader = Pulse(self.copy.layout.heartbeat_file).pid()
        assert leader is not None
        assert version.runs(leader)
        pids = {state.name: state.pid for state in Supervisor(self.copy.layout).states()}
        assert all(version.runs(pids[name]) for name in OURS)

    def report(self, found: Sequence[Violation]) -> str:
        """Return the figures, and the first broken promises."""
        silence = max(self._seen.silences.values(), default=0.0)
        lines = [
            f"{len(self.versions)} take-overs under {len(self._seen.callers)} calls beside {2 * self.size}",
            f"longest silence of a caller who waited: {silence:.2f} s",
            *(f"[{v.rule}] {v.call_id}: {v.text}" for v in found[:20]),
            f"broken promises: {len(found)}",
        ]
        return "\n".join(lines)
