"""The race storm: whatever callers and operators do, every call has one true record."""

import os
from pathlib import Path

from tests.acceptance.copy import Copy
from tests.acceptance.storm.judge import STALLING
from tests.acceptance.storm.verdict import storm_verdict

CALLS = int(os.environ.get("STORM_CALLS", "200"))
SEED = int(os.environ.get("STORM_SEED", "1"))


async def test_after_the_storm_every_call_has_one_true_record(storm_copy: Copy, tmp_path: Path) -> None:
    violations, report = await storm_verdict(storm_copy, tmp_path, calls=CALLS, seed=SEED, clock=STALLING)
    assert not violations, f"seed {SEED}\n{report}"
