"""``python -m bench.booking.race``: 64 clients race 100,000 bookings, moves and cancellations for 200 slots.

Over the real HTTP interface, while server and PostgreSQL (with fsync, as in real life) are killed in turn.
``BENCH_RACE_REQUESTS``, ``BENCH_RACE_KILLS`` and ``BENCH_RACE_SECONDS`` (the longest it may take) make it
shorter. Exit status 1 when a promise was broken.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.integration.booking.race.run import CLIENTS, Race, race
from tests.integration.booking.race.server import SLOTS
from tests.postgres_fixture import DURABLE, cluster

REQUESTS = int(os.environ.get("BENCH_RACE_REQUESTS", "100000"))
KILLS = int(os.environ.get("BENCH_RACE_KILLS", "10"))
LONGEST_S = float(os.environ.get("BENCH_RACE_SECONDS", "900"))


def race_and_print(console: Console) -> Race:
    """Race and say what came of it."""
    console.print(f"Race: {CLIENTS} clients, {SLOTS} slots, {REQUESTS} requests, {KILLS} kills …")
    with cluster(DURABLE) as server, tempfile.TemporaryDirectory(prefix="madoguchi-race-") as home:
        run = asyncio.run(race(server, Path(home), REQUESTS, KILLS, LONGEST_S))
    tally, found = run.tally, run.judgement
    done = ", ".join(f"{count} {what}" for what, count in sorted(tally.done.items()))
    console.print(
        f"{tally.requests} requests in {run.seconds:.0f} s ({tally.requests / run.seconds:.0f}/s): {done}, "
        f"{tally.refused} refused as full; {tally.replays} repeated on purpose, "
        f"{tally.repeats} sent again after no answer, {run.kills} kills"
    )
    console.print(
        f"capacity exceeded: {len(found.over_capacity)}; acknowledged but missing: {len(found.missing)}; "
        f"there but nobody was told: {len(found.untold)}; not as told: {len(found.different)}; "
        f"requests with a second effect: {len(found.second_effects)}; outbox wrong: {len(found.unsent)}; "
        f"wrong answers: {len(tally.faults)}"
    )
    for fault in run.faults[:20]:
        console.print(f"  {fault}", markup=False)
    return run


if __name__ == "__main__":
    sys.exit(1 if race_and_print(Console(highlight=False)).faults else 0)
