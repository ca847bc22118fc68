"""Upgrade and downgrade under load: ``python -m tests.acceptance.upgrade``, on a centre of its own.

What a version that fails leaves is tried with stand-ins (``tests/integration/local/test_upgrading.py``).
"""

import asyncio
import sys

from tests.acceptance.chaos.long import own_copy
from tests.acceptance.upgrade.run import Upgrades
from tests.acceptance.upgrade.version import newer, present


def main() -> int:
    """Let a newer version take over, and this one again; exit status 1 if a promise was broken."""
    with own_copy("upgrade") as (copy, folder):
        upgrades = Upgrades(copy, folder / "ledgers", [newer(folder / "newer"), present()])
        found = asyncio.run(upgrades.run())
    print(upgrades.report(found))  # noqa: T201 -- this is a command
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
