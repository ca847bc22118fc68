"""Upgrade and downgrade under load, on the real thing: no call is lost, nobody loses a place.

What a version that fails leaves is tried with stand-ins (``tests/integration/local/test_upgrading.py``).
"""

from pathlib import Path

from tests.acceptance.copy import Copy
from tests.acceptance.upgrade.run import Upgrades
from tests.acceptance.upgrade.version import newer, present


async def test_a_newer_version_takes_over_and_the_earlier_one_comes_back(
    storm_copy: Copy, tmp_path: Path
) -> None:
    upgrades = Upgrades(storm_copy, tmp_path / "ledgers", [newer(tmp_path / "newer"), present()], size=5)
    found = await upgrades.run()
    assert not found, upgrades.report(found)
