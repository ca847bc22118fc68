"""``make chaos``: the long form. Counts and seed come from the environment, see `COUNTS`."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import stamina.instrumentation

from tests.acceptance.chaos.run import Chaos
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import STOP_LIMIT_S, start_copy
from tests.acceptance.storm.centre import centre_toml

COUNTS = {
    ("controller", How.KILL): "CHAOS_CONTROLLER_KILLS=200",
    ("controller", How.TERM): "CHAOS_CONTROLLER_ENDS=20",
    ("controller", How.FREEZE): "CHAOS_CONTROLLER_FREEZES=20",
    ("postgres", How.KILL): "CHAOS_POSTGRES_KILLS=50",
    ("postgres", How.FREEZE): "CHAOS_POSTGRES_FREEZES=5",
    ("rescue", How.KILL): "CHAOS_RESCUE_KILLS=50",
    ("rescue", How.FREEZE): "CHAOS_RESCUE_FREEZES=5",
    ("worker", How.KILL): "CHAOS_WORKER_KILLS=50",
    ("worker", How.FREEZE): "CHAOS_WORKER_FREEZES=5",
    ("asterisk", How.FREEZE): "CHAOS_ASTERISK_FREEZES=5",
    ("carrier", How.CUT): "CHAOS_CARRIER_CUTS=5",
    ("control", How.CUT): "CHAOS_CONTROL_CUTS=5",
    ("asterisk", How.KILL): "CHAOS_ASTERISK_KILLS=20",
}
"""What is struck how often, with the variable that changes it."""


def main() -> int:
    """Strike everything; exit status 1 if a promise was broken."""
    stamina.instrumentation.set_on_retry_hooks([])  # thousands of short waits are no news
    counts = {}
    for what, setting in COUNTS.items():
        name, _, default = setting.partition("=")
        counts[what] = int(os.environ.get(name, default))
    seed, size = int(os.environ.get("CHAOS_SEED", "1")), int(os.environ.get("CHAOS_SIZE", "30"))
    with tempfile.TemporaryDirectory(prefix="madoguchi-chaos-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
        centre = folder / "centre.toml"
        centre.write_text(centre_toml(), encoding="utf-8")
        copy = start_copy(folder / "home", centre)
        try:
            chaos = Chaos(copy, folder / "ledgers", counts, seed, size)
            found = asyncio.run(chaos.run())
        finally:
            copy.make("down", STOP_LIMIT_S)
    print(chaos.report(found))  # noqa: T201 -- this is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
