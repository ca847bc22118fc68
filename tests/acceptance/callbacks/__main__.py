"""The long form: 200 citizens ask, and 80 kills fall. Counts and seed come from the environment."""

import asyncio
import os
import sys

from tests.acceptance.callbacks.run import Campaign
from tests.acceptance.chaos.long import counts, keep, own_copy
from tests.acceptance.chaos.strikes import How

OPERATORS = 10
COUNTS = {
    ("controller", How.KILL): "CALLBACKS_CONTROLLER_KILLS=60",
    ("controller", How.FREEZE): "CALLBACKS_CONTROLLER_FREEZES=2",
    ("postgres", How.KILL): "CALLBACKS_POSTGRES_KILLS=8",
    ("rescue", How.KILL): "CALLBACKS_RESCUE_KILLS=4",
    ("worker", How.KILL): "CALLBACKS_WORKER_KILLS=8",
}
"""What is struck how often, with the variable that changes it."""


def main() -> int:
    """Ask, strike and call back; exit status 1 if a promise was broken."""
    seed, asked = int(os.environ.get("CALLBACKS_SEED", "1")), int(os.environ.get("CALLBACKS_ASKED", "200"))
    with own_copy("callbacks") as (copy, folder):
        campaign = Campaign(copy, asked, OPERATORS, counts(COUNTS), seed)
        found = asyncio.run(campaign.run())
        print(campaign.report(found))  # noqa: T201 -- this is a command
        if found:
            keep(folder)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
