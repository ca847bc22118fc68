"""Chaos on a running centre, from the first call to the verdict."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import stamina

from tests.acceptance.chaos.crowd import Crowd
from tests.acceptance.chaos.ears import Ears
from tests.acceptance.chaos.judge import Evidence, violations
from tests.acceptance.chaos.strikes import (
    ASTERISK,
    How,
    Strike,
    Struck,
    percentile,
    pull_cable,
    stand_still,
    strike,
    strikes,
)
from tests.acceptance.chaos.traffic import Traffic
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import RECORDED_S, Office
from tests.acceptance.storm.judge import Violation

SERVED_IN_ORDER = 4
SHOWN = 10
"""Broken promises of one kind in the report."""

STRIKES_A_SCENE = 25
"""People who talk and wait are replaced after so many strikes, so that no record grows without end."""

Counts = Mapping[tuple[str, How], int]


@dataclass(slots=True)
class Chaos:
    """One run of so many *counts* strikes; *size* callers talk and as many wait. *seed* decides the rest."""

    copy: Copy
    folder: Path
    counts: Counts
    seed: int = 1
    size: int = 30
    progress: Callable[[str], None] = lambda _: None
    struck: list[Struck] = field(default_factory=list)
    _seen: Evidence = field(default_factory=Evidence)

    async def run(self) -> list[Violation]:
        """Strike; return every broken promise."""
        deaths = {what: n for what, n in self.counts.items() if _kills_asterisk(*what)}
        blows = strikes({what: n for what, n in self.counts.items() if what not in deaths}, self.seed)
        ends = strikes(deaths, self.seed)
        scenes = max(len(ends), -(-len(blows) // STRIKES_A_SCENE), 1)
        async with Office(self.copy) as office:
            for number in range(scenes):
                end = ends[number] if number < len(ends) else None
                await self._scene(office, blows[number::scenes], end, number)
            known = [call.call_id for call in (*self._seen.talking, *self._seen.waiting)]
            known += [caller.call_id for caller in self._seen.callers]
            await written(office, len(known))
            return violations(self._seen, await office.written())

    async def _scene(self, office: Office, blows: Sequence[Strike], end: Strike | None, number: int) -> None:
        ears, stop = Ears(), asyncio.Event()
        listening = asyncio.create_task(ears.run(), name="ears")
        traffic = Traffic(self.copy, self.folder / f"scene-{number}", self.seed * 1_000 + number)
        async with Crowd(self.copy, office, ears, self.size) as crowd:
            flowing = asyncio.create_task(traffic.flow(stop), name="traffic")
            for blow in blows:
                await self._blow(office, crowd, ears, blow)
            turns = {place.caller: place.since for place in await crowd.places()}
            line = list(turns.values())[:SERVED_IN_ORDER]
            self._seen.served.append(
                (line, [turns.get(each, each) for each in await crowd.serve(SERVED_IN_ORDER)])
            )
            stop.set()
            await flowing
            if end is not None:
                crowd.die()
                self._note(await strike(self.copy, office, end))
            note(self._seen, crowd, ears, traffic)
            listening.cancel()

    async def _blow(self, office: Office, crowd: Crowd, ears: Ears, blow: Strike) -> None:
        await asyncio.sleep(blow.after_s)
        before = await crowd.places()
        if blow.part == ASTERISK or blow.how is How.CUT:
            interrupt = pull_cable if blow.how is How.CUT else stand_still
            with ears.covered() if blow.how is How.FREEZE else nullcontext():
                struck, still = await interrupt(self.copy, office, blow)
            self._seen.standstills.append(still)
        else:
            struck = await strike(self.copy, office, blow)
        self._note(struck)
        self._seen.lines.append((before, await crowd.places()))

    def _note(self, struck: Struck) -> None:
        self.struck.append(struck)
        self.progress(f"{len(self.struck)} of {sum(self.counts.values())}: {struck}")

    def report(self, found: Sequence[Violation]) -> str:
        """Return the figures, and the first broken promises of each kind."""
        times: dict[tuple[str, str], list[float]] = defaultdict(list)
        for each in self.struck:
            times[each.strike.part, each.strike.how].append(each.back_s)
        lines = [f"seed {self.seed}: {len(self._seen.callers)} callers beside {2 * self.size}"]
        lines += [
            f"{part} {how}: {len(values)} times, served again after p50 {percentile(values, 0.5):.2f} s, "
            f"p95 {percentile(values, 0.95):.2f} s, longest {max(values):.2f} s"
            for (part, how), values in sorted(times.items())
        ]
        silence = max(self._seen.silences.values(), default=0.0)
        lines.append(f"longest silence of a caller who waited: {silence:.2f} s")
        lines += [f"{rule}: {count} times" for rule, count in Counter(v.rule for v in found).items()]
        shown: Counter[str] = Counter()
        for each in found:
            shown[each.rule] += 1
            if shown[each.rule] <= SHOWN:
                lines.append(f"[{each.rule}] {each.call_id}: {each.text}")
        return "\n".join([*lines, f"broken promises: {len(found)}"])


def _kills_asterisk(part: str, how: How) -> bool:
    return part == ASTERISK and how in {How.KILL, How.CONTAINER}


def note(seen: Evidence, crowd: Crowd, ears: Ears, traffic: Traffic) -> None:
    """Add what these were and heard to *seen*."""
    seen.callers += traffic.callers
    seen.talking += crowd.talking
    seen.waiting += crowd.waiting
    seen.silences |= ears.longest()
    seen.excused |= crowd.released


async def written(office: Office, count: int) -> None:
    """Wait until as many records are there as there were calls, or time is up; the judge counts them then."""
    with suppress(AssertionError):
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=RECORDED_S, wait_initial=0.3, wait_max=0.5
        ):
            with attempt:
                assert len(await office.written()) >= count
