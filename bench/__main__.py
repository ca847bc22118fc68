"""``make bench``: every measurement of this machine, a table, and ``bench/out/latest.json``.

``python -m bench PART …`` measures only those parts: ``processor``, ``rings``, ``memory``, ``storm``, and the
modules of `PARTS`; it writes ``parts.json`` and leaves ``latest.json`` alone. Exit status 1 when a limit is
not kept. ``BENCH_ROUNDS``, ``BENCH_STORM_CALLS`` and ``BENCH_GROWTH_CALLS`` make it shorter.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
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


async def _processor(folder: Path) -> list[Measure]:
    with (
        _centre(folder / "recorded", centre_toml(recording=True)) as ours,
        _peers(ours, folder / "peers") as peers,
    ):
        race = SideBySide(ours, peers, folder / "ledgers", recording=True)
        return await race.processor_time(ROUNDS)


async def _rings(folder: Path) -> list[Measure]:
    with (
        _centre(folder / "plain", centre_toml(recording=False)) as ours,
        _peers(ours, folder / "peers") as peers,
    ):
        race = SideBySide(ours, peers, folder / "ledgers", recording=False)
        return [await race.first_ring(ROUNDS), *await race.next_ring(ROUNDS)]


async def _memory(folder: Path) -> list[Measure]:
    with _centre(folder / "plain", centre_toml(recording=False)) as ours:
        memory = Memory(ours, folder / "ledgers")
        return [await memory.waiting(), await memory.growth(GROWTH_CALLS)]


async def _storm(folder: Path) -> list[Measure]:
    with _centre(folder / "storm", storm_toml()) as ours:
        measure, report = await storm(ours, folder / "ledgers", calls=STORM_CALLS)
    sys.stdout.write(f"{report}\n")
    return [measure]


WITH_ASTERISK: Mapping[str, tuple[str, Callable[[Path], Coroutine[None, None, list[Measure]]]]] = {
    "processor": ("Processor time, calls recorded, screens popping up …", _processor),
    "rings": ("Time to the first and to the next ring …", _rings),
    "memory": ("Memory …", _memory),
    "storm": (f"Race storm of {STORM_CALLS} calls …", _storm),
}


def main() -> int:
    """Measure what was asked for, everything by default."""
    reader = argparse.ArgumentParser(prog="python -m bench", description="Measure this machine.")
    known = [*WITH_ASTERISK, *PARTS]
    reader.add_argument("part", nargs="*", metavar="PART", help=f"one of {', '.join(known)}; all by default")
    wanted = reader.parse_args().part or known
    if unknown := set(wanted) - set(known):
        reader.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    measures = _measured([part for part in WITH_ASTERISK if part in wanted])
    judged = [_run_part(part) for part in PARTS if part in wanted]
    path = OUT if set(wanted) == set(known) else OUT.with_name("parts.json")
    keep(measures, [OUT.with_name(f"{part}.json") for part in PARTS if part in wanted], path)
    return 1 if any(measure.met is False for measure in measures) or not all(judged) else 0


def _measured(parts: Sequence[str]) -> list[Measure]:
    """Measure *parts* of `WITH_ASTERISK`, each in a centre of its own, and show what was found."""
    console, found = Console(), list[Measure]()
    for part in parts:
        title, measure = WITH_ASTERISK[part]
        console.print(title)
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
            Path(folder).chmod(0o755)  # Asterisk's own user must be able to walk to its files
            measures = asyncio.run(measure(Path(folder)))
        console.print(table(measures))
        found += measures
    return found


def _run_part(part: str) -> bool:
    """Run a measurement that needs no Asterisk; it prints and writes its own figures."""
    return subprocess.run([sys.executable, "-m", f"bench.{part}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
