"""``python -m bench.pop``: does the page show who calls when the operator's phone begins to ring?

Fifty citizens call (``POP_CALLS`` changes it) an operator in Chromium whose phone is the browser's. The
browser stamps ring and pop on one clock. Takes about two minutes; exit status 1 when more than 5 of 100 are
later than 200 ms.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench.measure import Measure, keep, table
from madoguchi.demo.phones import Carrier
from madoguchi.demo.running import sip_address
from tests.acceptance.console.conftest import OPERATOR, chromium, context_of, start_console
from tests.acceptance.console.pops import LIMIT_MS, measure_pops, within_95
from tests.acceptance.copy import STOP_LIMIT_S, Copy

OUT = Path(__file__).parent / "out" / "pop.json"
CALLS = int(os.environ.get("POP_CALLS", "50"))


async def _measure(copy: Copy) -> list[float]:
    carrier = Carrier(sip_address(copy.running))
    async with chromium() as browser:
        found = await measure_pops(await context_of(browser), copy, OPERATOR, carrier, CALLS)
    await carrier.close()
    return found


def main() -> int:
    """Measure, show and keep."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="madoguchi-pop-") as folder:
        Path(folder).chmod(0o755)  # Asterisk's own user must be able to walk to its files
        copy = start_console(Path(folder))
        try:
            found = asyncio.run(_measure(copy))
        finally:
            copy.make("down", STOP_LIMIT_S)
    console.print(f"pop − first ring of {len(found)} calls, ms:", *(f"{ms:.0f}" for ms in found))
    measure = Measure("pop after the first ring, 95 of 100 calls", "ms", [within_95(found)], limit=LIMIT_MS)
    console.print(table([measure]))
    keep([measure], [], OUT)
    return 0 if measure.met else 1


if __name__ == "__main__":
    sys.exit(main())
