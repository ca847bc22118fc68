"""Ours against ``Dial()`` alone and app_queue: processor time, time to the first ring and to the next one.

Rounds take turns, so that whatever else the machine does meets everybody alike.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bench import peer_desk
from bench.centre import NUMBER, OPERATORS
from bench.load import Operators, Result, Shape, callers, run
from bench.measure import Measure
from bench.peers import DIAL, DIALLED, QUEUE, Peers
from bench.process_time import Stopwatch
from madoguchi.demo.phones import Account, Address
from madoguchi.demo.running import operators, sip_address
from tests.acceptance.copy import Copy

OURS = "ours"
DIALLED_OURS = NUMBER.replace("-", "")
STEADY = Shape(calls=300, per_s=10, operators=OPERATORS)
"""A calm hour, fast: most operators are free, so that no call waits."""

RUSH = Shape(calls=120, per_s=20, operators=5, talk_s=0.5)
"""Far more callers than operators: somebody always waits for the next free one."""

LOST = 0.05  # a round in which more calls than this were not bridged measures something else


class NotComparableError(Exception):
    """A round did not do what it should measure; the message says what went wrong."""


@dataclass(slots=True)
class Rounds:
    """One list of values for each contender."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, who: str, value: float) -> None:
        """One more round."""
        self.values.setdefault(who, []).append(value)

    def measure(self, name: str, unit: str, limit: float) -> Measure:
        """Ours beside the peers; the limit holds against app_queue."""
        peers = {who: values for who, values in self.values.items() if who in {DIAL, QUEUE}}
        return Measure(name, unit, self.values[OURS], peers, against=QUEUE, limit=limit)


class SideBySide:
    """Runs every load on every contender."""

    def __init__(self, ours: Copy, peers: Peers, folder: Path, *, recording: bool) -> None:
        self._ours = ours
        self._peers = peers
        self._folder = folder
        self._recording = recording
        running = ours.running
        self._accounts = [Account(seat["extension"], seat["sip_password"]) for seat in operators(running)]
        self._turn = 0

    async def processor_time(self, rounds: int) -> list[Measure]:
        """Processor milliseconds per bridged call: Asterisk and what drives it or shows its calls on screens.

        Journal, screen-pop and recording are on in ours and in app_queue; ``Dial()`` alone has no screens.
        """
        total, parts = Rounds(), Rounds()
        for _ in range(rounds):
            for who in (DIAL, OURS, QUEUE):
                result, processor_s = await self._load(who, STEADY)
                used = {name: 1e3 * s / len(result.bridged) for name, s in processor_s.items()}
                total.add(who, sum(value for name, value in used.items() if name != "worker"))
                if who != DIAL:
                    for name, value in used.items():
                        parts.add(f"{who}: {name}", value)
        measures = [total.measure("processor time per answered call", "ms", 1.25)]
        for name, values in parts.values.items():
            measures.append(Measure(f"  of which {name}", "ms", values))
        return measures

    async def first_ring(self, rounds: int) -> Measure:
        """Caller's INVITE to operator's INVITE, median milliseconds."""
        return await self._medians("caller INVITE to operator INVITE, p50", STEADY, rounds, _delays, 1.3)

    async def next_ring(self, rounds: int) -> list[Measure]:
        """Operator hangs up until the next caller rings there, median and 99th percentile in milliseconds."""
        half, most = Rounds(), Rounds()
        for _ in range(rounds):
            for who in (OURS, QUEUE):
                gaps = _gaps((await self._load(who, RUSH))[0])
                half.add(who, statistics.median(gaps))
                most.add(who, statistics.quantiles(gaps, n=100)[98])
        name = "operator hangs up to next caller rings"
        return [half.measure(f"{name}, p50", "ms", 0.1), most.measure(f"{name}, p99", "ms", 1.0)]

    async def _medians(
        self, name: str, shape: Shape, rounds: int, values: Callable[[Result], Sequence[float]], limit: float
    ) -> Measure:
        found = Rounds()
        for _ in range(rounds):
            for who in (DIAL, OURS, QUEUE):
                found.add(who, statistics.median(values((await self._load(who, shape))[0])))
        return found.measure(name, "ms", limit)

    async def _load(self, who: str, shape: Shape) -> tuple[Result, dict[str, float]]:
        """Run one load; returns the calls, and the processor seconds that it cost, signing in left out."""
        address, dialled = self._target(who)
        self._turn += 1
        folder = self._folder / f"{self._turn}"
        async with AsyncExitStack() as exits:
            phones = await exits.enter_async_context(Operators(address, self._accounts, shape))
            if who == OURS:
                await self._ready(exits, shape)
            popped = await self._peers_screens(exits) if who == QUEUE else None
            watch = Stopwatch(self._processes(who))
            result = await run(callers(address, dialled, shape, folder), phones)
            used = watch.used()
        if len(result.bridged) < (1 - LOST) * result.offered:
            bridged = f"{len(result.bridged)} of {result.offered}"
            raise NotComparableError(f"{who}: only {bridged} calls were bridged")
        if popped is not None and sum(map(len, popped.values())) < len(result.bridged):
            raise NotComparableError(f"{who}: not every bridged call popped up on a screen")
        return result, used

    async def _ready(self, exits: AsyncExitStack, shape: Shape) -> None:
        """Sign everybody in, so that screens pop up, and let as many as take part be ready."""
        screens = await exits.enter_async_context(self._ours.screens())
        for number, screen in enumerate(screens.values()):
            await screen.set_state("ready" if number < shape.operators else "logged-out")
        for screen in screens.values():
            exits.push_async_callback(screen.set_state, "logged-out")

    async def _peers_screens(self, exits: AsyncExitStack) -> Mapping[str, Sequence[str]]:
        return await exits.enter_async_context(
            peer_desk.screens(self._peers.desk_port, [account.extension for account in self._accounts])
        )

    def _target(self, who: str) -> tuple[Address, str]:
        if who == OURS:
            return sip_address(self._ours.running), DIALLED_OURS
        return self._peers.address, DIALLED[who, self._recording]

    def _processes(self, who: str) -> Mapping[str, int]:
        if who == DIAL:
            return {"asterisk": self._peers.pid}
        if who == QUEUE:
            return {"asterisk": self._peers.pid, "screen-pop": self._peers.desk.pid}
        known = self._ours.running["processes"]
        return {name: known[name] for name in ("asterisk", "controller", "worker")}


def _delays(result: Result) -> list[float]:
    return [1e3 * (call.rang - call.invited) for call in result.bridged]


def _gaps(result: Result) -> list[float]:
    """From each hang-up to the next ring at the same phone, while somebody was waiting."""
    last = max(invited for rings in result.rings.values() for invited, _ in rings)
    gaps = []
    for rings in result.rings.values():
        gaps += [1e3 * (after[0] - before[1]) for before, after in pairwise(rings) if after[0] < last]
    return gaps
