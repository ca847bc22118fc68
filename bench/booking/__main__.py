"""``python -m bench.booking``: the race of 100,000 requests, and reservations a second on one hot slot.

Exit status 1 when a seat was given twice, an answer was not kept, a repeat had a second effect, or ours is
less than twice as fast as the usual ``SELECT … FOR UPDATE``. ``BENCH_RACE_REQUESTS``,
``BENCH_RACE_KILLS`` and ``BENCH_ROUNDS`` make it shorter; ``python -m bench.booking.race`` is the race
alone. PostgreSQL runs as in real life, with fsync.
"""

import asyncio
import os
import statistics
import sys
from pathlib import Path

from rich.console import Console

from bench.booking.hot_slot import CLIENTS, HotSlot, hot_slot
from bench.booking.race import REQUESTS, race_and_print
from bench.measure import Measure, keep, table
from storage import migrate
from tests.postgres_fixture import DURABLE, cluster, database

OUT = Path(__file__).parents[1] / "out" / "booking.json"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LEAST_RATIO = 2.0


def main() -> int:
    """Measure and judge."""
    console = Console(highlight=False)
    found = _hot_slot()
    ours, plain = statistics.median(found.ours), statistics.median(found.plain)
    console.print(
        f"One hot slot, {CLIENTS} clients: {ours:.0f} reservations/s, "
        f"SELECT … FOR UPDATE {plain:.0f}/s: {ours / plain:.2f} ×"
    )
    run = race_and_print(console)
    measures = [
        # What one reservation costs, so that less is better as everywhere.
        Measure(
            "booking, one hot slot: time a reservation",
            "ms",
            [1_000 / rate for rate in found.ours],
            {"SELECT … FOR UPDATE": [1_000 / rate for rate in found.plain]},
            against="SELECT … FOR UPDATE",
            limit=1 / LEAST_RATIO,
        ),
        Measure(f"booking race, {REQUESTS} requests: faults", "", [len(run.faults)], limit=0),
    ]
    console.print(table(measures))
    keep(measures, [], OUT)
    return 1 if any(measure.met is False for measure in measures) else 0


def _hot_slot() -> HotSlot:
    with cluster(DURABLE) as server, database(server.url) as url:
        asyncio.run(migrate(url))
        return asyncio.run(hot_slot(url, ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
