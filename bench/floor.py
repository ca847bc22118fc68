"""``python -m bench.floor``: a thousand pages watch the floor while calls go on.

Rounds take turns without and with the pages. Measured are the time from what happens to an operator until
the last page has it, and from the caller's INVITE to the operator's. ``FLOOR_PAGES``, ``FLOOR_ROUNDS`` and
``FLOOR_CALLS`` change it. Exit status 1 when a limit is not kept.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.centre import centre_toml
from bench.load import Operators, Result, Shape, callers, run
from bench.measure import Measure, keep, table
from madoguchi.demo.phones import Account
from madoguchi.demo.running import operators, sip_address
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.floor.office import Office

OUT = Path(__file__).parent / "out" / "floor.json"
PAGES = int(os.environ.get("FLOOR_PAGES", "1000"))
ROUNDS = int(os.environ.get("FLOOR_ROUNDS", "2"))
CALLS = int(os.environ.get("FLOOR_CALLS", "100"))
PROCESSES = 4
SHAPE = Shape(CALLS, per_s=7, operators=20)
"""An operator changes three times in a call (offered, talking, ready): some twenty events a second."""

LAST_PAGE_MS = 250.0
NOISE = 1.25
"""Two rounds of the very same measurement differ by as much on a machine that does other things."""


class Crowd:
    """Everybody who watched in one round: for each event the milliseconds until the last page had it."""

    def __init__(self, told: Sequence[dict[str, Any]]) -> None:
        happened = told[0]["happened"]
        everybody = {seq for seq in happened if sum(each["seen"].get(seq, 0) for each in told) == PAGES}
        self.missed = len(happened) - len(everybody)
        self.snapshots = sum(each["snapshots"] for each in told)
        self.delays = [
            1e3 * (max(each["last"][seq] for each in told) - at) for seq in everybody for at in happened[seq]
        ]


class FloorBench:
    """Measures one running centre. Files go below *folder*."""

    def __init__(self, copy: Copy, folder: Path) -> None:
        self._copy, self._folder = copy, folder
        self._seats = operators(copy.running)[: SHAPE.operators]
        self._accounts = [Account(seat["extension"], seat["sip_password"]) for seat in self._seats]
        self._turn = 0

    async def measure(self) -> list[Measure]:
        """Return everything."""
        alone: list[Result] = []
        watched: list[Result] = []
        crowds: list[Crowd] = []
        for _ in range(ROUNDS):
            alone.append(await self._load())
            async with self._crowd() as crowd:
                watched.append(await self._load())
            crowds += crowd
        delays = [delay for crowd in crowds for delay in crowd.delays]
        p50, p95, p99 = (statistics.quantiles(delays, n=100)[n - 1] for n in (50, 95, 99))
        return [
            Measure(f"event to the last of {PAGES} pages, p50", "ms", [p50]),
            Measure(f"event to the last of {PAGES} pages, p95", "ms", [p95], limit=LAST_PAGE_MS),
            Measure(f"event to the last of {PAGES} pages, p99", "ms", [p99]),
            Measure("  events", "", [len(delays)]),
            Measure("  messages that not all pages had", "", [sum(crowd.missed for crowd in crowds)]),
            Measure("  snapshots", "", [sum(crowd.snapshots for crowd in crowds)]),
            _beside("caller INVITE to operator INVITE, p50", watched, alone, 50, NOISE),
            _beside("caller INVITE to operator INVITE, p95", watched, alone, 95, None),
        ]

    async def _load(self) -> Result:
        self._turn += 1
        centre, dialled = sip_address(self._copy.running), self._copy.running["trunk"]["number"]
        async with Office(self._copy) as office, Operators(centre, self._accounts, SHAPE) as phones:
            for seat in self._seats:
                await office.knows_phone(seat["name"])
                await office.set_state(seat["name"], "ready")
            result = await run(callers(centre, dialled, SHAPE, self._folder / f"{self._turn}"), phones)
            for seat in self._seats:
                await office.set_state(seat["name"], "logged-out")
        return result

    @asynccontextmanager
    async def _crowd(self) -> AsyncIterator[list[Crowd]]:
        """Let everybody watch; what they saw is in the list when the block is over."""
        token = json.loads(self._copy.layout.secrets_file.read_text())["cli_token"]
        command = (sys.executable, "-m", "bench.floor_watchers", self._copy.running["http"], token)
        pipe = asyncio.subprocess.PIPE
        processes = [
            await asyncio.create_subprocess_exec(
                *command, str(PAGES // PROCESSES), stdin=pipe, stdout=pipe, limit=2**26
            )
            for _ in range(PROCESSES)
        ]
        found: list[Crowd] = []
        try:
            for process in processes:
                assert process.stdout is not None  # noqa: S101 - it was asked for
                await process.stdout.readline()
            yield found
            told = [json.loads((await process.communicate(b""))[0]) for process in processes]
            found.append(Crowd(told))
        finally:
            for process in processes:
                if process.returncode is None:
                    process.kill()


def _beside(
    name: str, watched: Sequence[Result], alone: Sequence[Result], percent: int, limit: float | None
) -> Measure:
    """With the pages, beside the same without them."""
    peers = {"without pages": [_quantile(result, percent) for result in alone]}
    values = [_quantile(result, percent) for result in watched]
    return Measure(f"{name}, with {PAGES} pages", "ms", values, peers, against="without pages", limit=limit)


def _quantile(result: Result, percent: int) -> float:
    delays = [1e3 * (call.rang - call.invited) for call in result.bridged]
    return statistics.quantiles(delays, n=100)[percent - 1]


def main() -> int:
    """Measure, show and keep."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-floor-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
        centre = folder / "centre.toml"
        centre.write_text(centre_toml(recording=False), encoding="utf-8")
        copy = start_copy(folder / "home", centre)
        try:
            measures = asyncio.run(FloorBench(copy, folder).measure())
        finally:
            copy.make("down", STOP_LIMIT_S)
        Console().print(table(measures))
        keep(measures, [], OUT)
    return 1 if any(measure.met is False for measure in measures) else 0


if __name__ == "__main__":
    sys.exit(main())
