"""``make bench``: every measurement of this machine, a table, and ``bench/out/latest.json``.

Exit status 1 when a limit is not kept. ``BENCH_ROUNDS``, ``BENCH_STORM_CALLS`` and ``BENCH_GROWTH_CALLS``
make it shorter.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench.centre import OPERATORS, centre_toml
from bench.measure import Measure, keep, table
from bench.memory import Memory
from bench.peers import Peers, start_peers
from bench.side_by_side import SideBySide
from bench.storm import storm
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.storm.centre import centre_toml as storm_toml

OUT = Path(__file__).parent / "out" / "latest.json"
PARTS = ("decision", "fairness", "expected_wait", "booking")
"""Measurements that need no Asterisk, each a module of its own (see their ``--help``)."""

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
STORM_CALLS = int(os.environ.get("BENCH_STORM_CALLS", "2000"))
GROWTH_CALLS = int(os.environ.get("BENCH_GROWTH_CALLS", "20000"))


@contextmanager
def _centre(folder: Path, text: str) -> Iterator[Copy]:
    folder.mkdir(parents=True)
    file = folder / "centre.toml"
    file.write_text(text, encoding="utf-8")
    copy = start_copy(folder / "home", file)
    try:
        yield copy
    finally:
        copy.make("down", STOP_LIMIT_S)


@contextmanager
def _peers(ours: Copy, folder: Path) -> Iterator[Peers]:
    peers = start_peers(ours, folder, OPERATORS)
    try:
        yield peers
    finally:
        peers.stop()


async def _measure(folder: Path, console: Console) -> list[Measure]:
    found: list[Measure] = []
    with (
        _centre(folder / "recorded", centre_toml(recording=True)) as ours,
        _peers(ours, folder / "a") as peers,
    ):
        console.print("Processor time, calls recorded, screens popping up …")
        race = SideBySide(ours, peers, folder / "processor", recording=True)
        found += await race.processor_time(ROUNDS)
    with _centre(folder / "plain", centre_toml(recording=False)) as ours:
        with _peers(ours, folder / "b") as peers:
            console.print("Time to the first and to the next ring …")
            race = SideBySide(ours, peers, folder / "rings", recording=False)
            found.append(await race.first_ring(ROUNDS))
            found += await race.next_ring(ROUNDS)
        console.print("Memory …")
        memory = Memory(ours, folder / "memory")
        found += [await memory.waiting(), await memory.growth(GROWTH_CALLS)]
    with _centre(folder / "storm", storm_toml()) as ours:
        console.print(f"Race storm of {STORM_CALLS} calls …")
        measure, report = await storm(ours, folder / "storm-ledgers", calls=STORM_CALLS)
        console.print(report, markup=False)
        found.append(measure)
    return found


def main() -> int:
    """Measure everything."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
        Path(folder).chmod(0o755)  # Asterisk's own user must be able to walk to its files
        measures = asyncio.run(_measure(Path(folder), console))
    console.print(table(measures))
    judged = [_run_part(part) for part in PARTS]
    keep(measures, [OUT.with_name(f"{part}.json") for part in PARTS], OUT)
    return 1 if any(measure.met is False for measure in measures) or not all(judged) else 0


def _run_part(part: str) -> bool:
    """Run a measurement that needs no Asterisk; it prints and writes its own figures."""
    return subprocess.run([sys.executable, "-m", f"bench.{part}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
