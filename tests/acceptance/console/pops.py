"""How long after the phone's first ring the page shows who calls. The browser stamps both, on one clock."""

import asyncio
from typing import Final

from playwright.async_api import BrowserContext

from madoguchi.demo.phones import Carrier
from madoguchi.demo.phones.caller import Call
from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import Copy

LIMIT_MS: Final = 200.0
"""For 95 of 100 calls."""

IN_LINE: Final = 4
"""Callers who wait at once, so that the next one rings the moment the one before has left."""

# A ring is the INVITE's arrival at the browser's phone. A pop is stamped one frame after the number was in
# the page, when it has been painted. Both are told apart by the last four digits of who calls.
STAMP: Final = r"""
window.rings = [];
window.pops = [];
window.WebSocket = new Proxy(window.WebSocket, {
    construct: (kind, given) => {
        const made = new kind(...given);
        made.addEventListener("message", ({ data }) => {
            if (typeof data !== "string" || !data.startsWith("INVITE ")) return;
            const [, who] = /^From:.*?sip:([^@>;]+)/im.exec(data);
            window.rings.push({ who: who.slice(-4), at: performance.now() });
        });
        return made;
    },
});
{
    const path = ["mado-app", "operator-page", "call-column", ".ringing .who"];
    let [shown, painted] = [null, true];
    const look = () => {
        if (!painted) window.pops.push({ who: shown, at: performance.now() });
        painted = true;
        const found = path.reduce((at, name) => at && (at.shadowRoot ?? at).querySelector(name), document);
        const now = found ? found.textContent.trim().slice(-4) : null;
        painted = now === null || now === shown;
        shown = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}
"""
BOTH: Final = "count => window.rings.length >= count && window.pops.length >= count"


async def measure_pops(
    context: BrowserContext, copy: Copy, user: str, carrier: Carrier, count: int
) -> list[float]:
    """Let *count* citizens call *user* and leave while it rings; return each pop − ring in milliseconds.

    Below zero: the page was first.
    """
    await context.add_init_script(STAMP)
    seat = await Seat.take(context, copy, user)
    await seat.sign_in()
    await seat.be_ready()
    for first in range(0, count, IN_LINE):
        await _ring_and_leave(seat, carrier, range(first, min(first + IN_LINE, count)))
    await seat.leave()
    assert [] == seat.complaints
    stamps = await seat.page.evaluate("[window.rings, window.pops]")
    rings, pops = ({each["who"]: float(each["at"]) for each in kind} for kind in stamps)
    assert count == len(rings) == len(pops)
    return sorted(pops[who] - rings[who] for who in rings)


async def _ring_and_leave(seat: Seat, carrier: Carrier, numbers: range) -> None:
    """Have some citizens in line; each leaves as soon as ring and pop are stamped."""
    citizens = [Citizen(carrier, seat.copy.running["trunk"]["number"]) for _ in numbers]
    calls = await asyncio.gather(*(citizen.call() for citizen in citizens))
    by_ending: dict[str, Call] = {
        citizen.number[-4:]: call for citizen, call in zip(citizens, calls, strict=True)
    }
    for number in numbers:
        await seat.page.wait_for_function(BOTH, arg=number + 1)
        by_ending[await seat.page.evaluate("window.rings.at(-1).who")].hang_up()


def within_95(sorted_ms: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return sorted_ms[-(-len(sorted_ms) * 95 // 100) - 1]
