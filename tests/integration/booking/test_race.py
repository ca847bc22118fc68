"""64 clients race for 200 slots while the server and PostgreSQL are killed: no seat is given twice."""

from pathlib import Path

from tests.integration.booking.race.run import race
from tests.postgres_fixture import Cluster

REQUESTS = 2_000
KILLS = 2
LONGEST_S = 20.0
"""On a busy machine fewer requests must do."""


async def test_nothing_is_overbooked_or_lost_or_done_twice(private_postgres: Cluster, tmp_path: Path) -> None:
    """The long form with 100,000 requests is ``python -m bench.booking.race``."""
    found = await race(private_postgres, tmp_path, REQUESTS, KILLS, LONGEST_S)
    assert found.faults == []
    assert found.kills > 0
    assert min(found.tally.done[what] for what in ("booked", "moved", "cancelled")) > 0
    assert found.tally.refused > 0  # there was something to race for
    assert found.tally.replays > 0
    assert found.tally.repeats > 0  # the kills were noticed
