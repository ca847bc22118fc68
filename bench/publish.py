"""``python -m bench.publish``: 500 calls, 20 changes applied and 5 broken ones refused under them.

It starts a centre of its own with forty operators, takes about three minutes, and ends all that it began.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.acceptance.copy import STOP_LIMIT_S, start_copy
from tests.acceptance.floor import centre as floor
from tests.acceptance.publish.changes import programme
from tests.acceptance.publish.run import Publishing, Result

CALLS, GOOD, BROKEN = 500, 20, 5
PER_S, TALKS_S = 3.6, (4.0, 10.0)
MORE_OPERATORS = 36
LIMIT_S = 400.0
AT_MOST_S = 5.0


def main() -> int:
    """Run it; exit status 1 if a call was dropped, led astray, or a rollback took too long."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--calls", type=int, default=CALLS)
    wanted.add_argument("--good", type=int, default=GOOD)
    wanted.add_argument("--broken", type=int, default=BROKEN)
    wanted.add_argument("--per-second", type=float, default=PER_S)
    options = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="madoguchi-publish-") as place:
        result = _on_a_copy(Path(place), options)
    print(result.report())  # noqa: T201 - this is a command
    return 1 if result.violations or result.slowest_rollback_s > AT_MOST_S else 0


def _on_a_copy(folder: Path, options: argparse.Namespace) -> Result:
    folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
    centre = folder / "centre.toml"
    text = floor.centre_toml(MORE_OPERATORS)
    centre.write_text(text, encoding="utf-8")
    copy = start_copy(folder / "home", centre, MADOGUCHI_DIALPLAN=str(folder / "custom"))
    try:
        publishing = Publishing(copy, programme(text, options.good, options.broken))
        return asyncio.run(_within(publishing, options))
    finally:
        copy.make("down", STOP_LIMIT_S)


async def _within(publishing: Publishing, options: argparse.Namespace) -> Result:
    async with asyncio.timeout(LIMIT_S):
        return await publishing.run(calls=options.calls, per_s=options.per_second, talks_s=TALKS_S)


if __name__ == "__main__":
    sys.exit(main())
