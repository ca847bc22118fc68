"""What a decision costs, with 100 and with 10,000 operators and waiting calls: ``python -m bench.decision``.

Every operator serves three queues. The centre is full on both sides at once, which needs operators who are
ready for the queues of one half and callers who wait in those of the other:

- *arrival*: `ReadyOperators.choose` and `remove`, with what it costs to forget operators in all their queues.
- *operator free*: `Loads.worked`, `Line.next_for` (three queues) and `Line.leave`, in two tiers.
- *ready* and *waiting*: `ReadyOperators.add` and `Line.join`, which follow when nobody is found.

A decision is one of the first two. The collector of garbage cycles runs as it likes.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter_ns
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from config.schema import Strategy
from telephony.model.distribution import ReadyOperators
from telephony.model.ids import AgentName, CallId, Instant, QueueName
from telephony.model.line import Line, Seat
from telephony.model.loads import Loads

OUT = Path("bench/out/decision.json")
SIZES = (100, 10_000)
QUEUES = [QueueName(f"queue-{n}") for n in range(6)]
SERVED, CROWDED = QUEUES[:3], QUEUES[3:]
CALL_S = 300.0
MICRO = 1000.0
BLOCK = 500
T = TypeVar("T")
Samples = dict[str, list[float]]


def nobody(_: object) -> bool:
    """Nobody has refused anything."""
    return False


class Floor:
    """A centre with *size* ready operators and *size* waiting calls, kept that full."""

    def __init__(self, size: int, strategy: Strategy) -> None:
        self.rng = random.Random(size)  # noqa: S311 - traffic is no secret
        self.now = Instant(1_800_000_000.0)
        self.loads = Loads()
        self.line = Line()
        names = [AgentName(f"agent-{n}") for n in range(size)]
        strategies = dict.fromkeys(QUEUES, strategy)
        self.ready = ReadyOperators(strategies, names, self.loads, self.rng)
        self.calls = 0
        for name in names:
            self.loads.worked(name, self.rng.uniform(0, 3 * CALL_S))
            self.ready.add(name, self._seats(SERVED), self.now)
            self._join()
        self.samples: Samples = {"arrival": [], "operator free": [], "ready": [], "waiting": []}

    def turn(self) -> None:
        """One call arrives and finds an operator; one operator becomes free and finds a call."""
        self.now = Instant(self.now + 1)
        queue = self.rng.choice(SERVED)
        agent = self._timed("arrival", lambda: self._take(queue))
        seats = self._seats(CROWDED)
        self._timed("operator free", lambda: self._serve(agent, seats))
        self._timed("waiting", self._join)
        seats = self._seats(SERVED)
        self._timed("ready", lambda: self.ready.add(agent, seats, self.now))

    def _timed(self, name: str, act: Callable[[], T]) -> T:
        began = perf_counter_ns()
        result = act()
        self.samples[name].append((perf_counter_ns() - began) / MICRO)
        return result

    def _take(self, queue: QueueName) -> AgentName:
        agent = self.ready.choose(queue, 2, nobody)
        if agent is None:
            raise RuntimeError("nobody is ready")
        self.ready.remove(agent)
        return agent

    def _serve(self, agent: AgentName, seats: list[Seat]) -> None:
        self.loads.worked(agent, CALL_S)
        call = self.line.next_for(seats, self.now, nobody)
        if call is None:
            raise RuntimeError("nobody waits")
        self.line.leave(call)

    def _seats(self, queues: list[QueueName]) -> list[Seat]:
        return [(queue, self.rng.randrange(2)) for queue in queues]

    def _join(self) -> None:
        self.calls += 1
        self.line.join(
            CallId(f"call-{self.calls}"),
            self.rng.choice(CROWDED),
            since=self.now,
            priority=0,
            slope=1,
            tier=1,
        )


def measure(turns: int, strategy: Strategy) -> list[Samples]:
    """Return microseconds by step, for each of `SIZES`.

    The sizes take turns, so that whatever else the machine does falls on both. First everybody is replaced
    once, so that the containers are as they are in the middle of a day.
    """
    floors = [Floor(size, strategy) for size in SIZES]
    for floor, size in zip(floors, SIZES, strict=True):
        for _ in range(size):
            floor.turn()
        for samples in floor.samples.values():
            samples.clear()
    for _ in range(turns // BLOCK):
        for floor in floors:
            for _ in range(BLOCK):
                floor.turn()
    return [floor.samples for floor in floors]


def percentiles(samples: list[float]) -> tuple[float, float]:
    """Return p50 and p99."""
    cuts = quantiles(samples, n=100)
    return cuts[49], cuts[98]


def main(
    turns: Annotated[int, typer.Option(help="arrivals to time")] = 50_000,
    strategy: Strategy = Strategy.LEAST_WEIGHTED_LOAD,
) -> None:
    """Measure, print and write ``bench/out/decision.json``."""
    few, many = measure(turns, strategy)
    table = Table(title=f"one decision in microseconds, {strategy.value}", title_justify="left")
    for heading in ("step", "p50 of 100", "p99 of 100", "p50 of 10,000", "p99 of 10,000", "p50 ratio"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    parts: dict[str, object] = {}
    for step in few:
        small, large = percentiles(few[step]), percentiles(many[step])
        ratio = large[0] / small[0]
        table.add_row(step, *(f"{value:.2f}" for value in (*small, *large, ratio)))
        for name, index in (("p50", 0), ("p99", 1)):
            parts[f"decision.{step.replace(' ', '_')}.{name}"] = {
                "ours": large[index],
                "peers": {"ours with 100 and 100": small[index]},
                "ratio": large[index] / small[index],
                "unit": "microseconds, 10,000 and 10,000",
                "rounds": turns,
                "spread": None,
            }
    Console(width=110).print(table)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
