"""Random days keep every promise. A failing seed replays: ``MADOGUCHI_DAY=123 pytest -k one_day``."""

import os

import pytest

from telephony.model.promise import is_callback
from tests.unit.model.day import Day

DAYS = 10_000
BATCHES = 20


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_days_keep_every_promise(batch: int) -> None:
    """Ten thousand seeded days; the seed stands in the message of a failure."""
    for seed in range(batch, DAYS, BATCHES):
        day = Day(seed, calls=6)
        try:
            day.run()
        except Exception as failure:
            failure.add_note(f"replay with MADOGUCHI_DAY={seed}")
            raise
        assert sum(not is_callback(call) for call in day.watch.ended) == 6


def test_one_day_replays_from_its_seed() -> None:
    """The same seed is the same day, event for event."""
    seed = int(os.environ.get("MADOGUCHI_DAY", "7"))
    first, second = Day(seed, calls=20), Day(seed, calls=20)
    first.run()
    second.run()
    assert first.now == second.now
    assert first.watch.connected == second.watch.connected
