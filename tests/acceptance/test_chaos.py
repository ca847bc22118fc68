"""Chaos, the short form: parts die under load, the controller that leads freezes, and nobody pays for it.

This centre has a second controller, which takes over. One that has to be started anew is struck in the long
form (``make chaos``) and in ``test_survival``.
"""

import os
from pathlib import Path

from tests.acceptance.chaos.run import Chaos
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import Copy

SEED = int(os.environ.get("CHAOS_SEED", "1"))
COUNTS = {
    ("controller", How.KILL): 4,
    ("controller", How.FREEZE): 1,
    ("postgres", How.KILL): 1,
    ("rescue", How.KILL): 1,
    ("worker", How.KILL): 1,
}


async def test_whatever_is_struck_nobody_is_dropped_forgotten_or_left_in_silence(
    storm_copy: Copy, tmp_path: Path
) -> None:
    chaos = Chaos(storm_copy, tmp_path, COUNTS, SEED)
    found = await chaos.run()
    assert not found, chaos.report(found)
