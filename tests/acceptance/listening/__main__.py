"""The long form: ``python -m tests.acceptance.listening [ROUNDS [PART]]``, 50 rounds of each part by default.

*PART* is ``page`` (Chromium for operator and supervisor, and its buttons) or ``cli`` (baresip for both,
and the command line). SIPp calls in both.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from tests.acceptance.chaos.long import own_copy
from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import centre_toml
from tests.acceptance.listening.run import PARTS, seated

SAY = partial(print, flush=True)


def main(count: str = "50", *parts: str) -> int:
    """Play *count* rounds of each of *parts*; exit status 1 if somebody heard what they should not."""
    with own_copy("listening", centre_toml()) as (copy, folder):
        wrong = 0
        for part in parts or PARTS:
            (folder / part).mkdir()
            wrong += asyncio.run(_play(copy, folder / part, part, int(count)))
    return 1 if wrong else 0


async def _play(copy: Copy, folder: Path, part: str, count: int) -> int:
    """Return how much was wrong."""
    async with seated(copy, folder, part, SAY) as rounds:
        try:
            await rounds.play(range(1, count + 1))
        finally:
            SAY(rounds.report())
    return len(rounds.wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
