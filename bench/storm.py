"""The race storm at its full length: how many of its calls are not as the ledgers say."""

from pathlib import Path

from bench.measure import Measure
from tests.acceptance.copy import Copy
from tests.acceptance.storm.verdict import storm_verdict

CALLS = 2_000


async def storm(copy: Copy, folder: Path, *, calls: int = CALLS, seed: int = 1) -> tuple[Measure, str]:
    """Return the number of violations, and the report about them."""
    violations, report = await storm_verdict(copy, folder, calls=calls, seed=seed)
    return Measure(f"race storm, {calls} calls: violations", "", [len(violations)], limit=0), report
