"""``docker kill`` of every container under load, judged as all chaos is (docs/operations.md).

``python -m tests.acceptance.chaos.containers``; needs ``make docker-base`` and a container engine, takes six
minutes. Counts and seed come from the environment, see `COUNTS`.
"""

import asyncio
import os
import sys
from functools import partial

from tests.acceptance.chaos.long import counts, own_copy
from tests.acceptance.chaos.run import Chaos
from tests.acceptance.chaos.strikes import How

COUNTS = {
    ("controller", How.CONTAINER): "CHAOS_CONTROLLER_KILLS=10",
    ("postgres", How.CONTAINER): "CHAOS_POSTGRES_KILLS=5",
    ("rescue", How.CONTAINER): "CHAOS_RESCUE_KILLS=5",
    ("worker", How.CONTAINER): "CHAOS_WORKER_KILLS=5",
    ("asterisk", How.CONTAINER): "CHAOS_ASTERISK_KILLS=2",
}
"""What is struck how often. The controller is whichever of the two leads."""


def main() -> int:
    """Strike everything; exit status 1 if a promise was broken."""
    seed, size = int(os.environ.get("CHAOS_SEED", "1")), int(os.environ.get("CHAOS_SIZE", "15"))
    with own_copy("chaos", RUNTIME="docker") as (copy, folder):
        chaos = Chaos(copy, folder / "ledgers", counts(COUNTS), seed, size, partial(print, flush=True))
        found = asyncio.run(chaos.run())
    print(chaos.report(found))  # noqa: T201 -- this is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
