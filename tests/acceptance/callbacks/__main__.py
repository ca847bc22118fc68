"""The long form: 200 citizens ask, and 80 kills fall. Counts and seed come from the environment."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import stamina.instrumentation

from tests.acceptance.callbacks.run import Campaign
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import STOP_LIMIT_S, start_copy
from tests.acceptance.storm.centre import centre_toml

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
    stamina.instrumentation.set_on_retry_hooks([])
    counts = {}
    for what, setting in COUNTS.items():
        name, _, default = setting.partition("=")
        counts[what] = int(os.environ.get(name, default))
    seed, asked = int(os.environ.get("CALLBACKS_SEED", "1")), int(os.environ.get("CALLBACKS_ASKED", "200"))
    with tempfile.TemporaryDirectory(prefix="madoguchi-callbacks-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
        centre = folder / "centre.toml"
        centre.write_text(centre_toml(), encoding="utf-8")
        copy = start_copy(folder / "home", centre)
        try:
            campaign = Campaign(copy, asked, OPERATORS, counts, seed)
            found = asyncio.run(campaign.run())
        finally:
            copy.make("down", STOP_LIMIT_S)
    print(campaign.report(found))  # noqa: T201 -- this is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
