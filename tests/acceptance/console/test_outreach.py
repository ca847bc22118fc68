"""An outreach call with keys alone: whom to call, the call itself in the browser, what came of it.

Calls are allowed from mid-month on (R18). Before that the page must say so, and give no number.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from madoguchi.demo.phones import CalledPhone, Reject
from madoguchi.demo.running import sip_address
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.test_a_booking import stored
from tests.acceptance.console.walk import Walk
from tests.acceptance.copy import Copy
from tests.acceptance.floor.command import command

WRITTEN = "0598-53-4000"
NOTE = "来月の職員会議のあとに、もう一度。"
SETTLED = "SELECT 1 FROM outreach_calls WHERE outcome = 'interested' AND note = $1"


@pytest.fixture
async def business(console_copy: Copy, tmp_path: Path) -> str:
    """A business on the city's list."""
    name = f"見本商店 {datetime.now().astimezone():%H%M%S}"
    sheet = tmp_path / "list.csv"
    sheet.write_text(f"名称,電話番号,種別,所在地\n{name},{WRITTEN},事業所,松阪市中町1-1\n")
    await command(console_copy, "outreach", "import", str(sheet), "--list", "見本")
    return name


@pytest.fixture
async def targets(console_copy: Copy) -> AsyncIterator[CalledPhone]:
    """Every telephone behind the carrier: busy."""
    running = console_copy.running
    outbound = running["trunk"]["outbound"]
    assert outbound is not None
    phone = CalledPhone(
        sip_address(running), host=outbound["host"], port=outbound["port"], behave=lambda _: Reject(486)
    )
    yield phone
    await asyncio.gather(*(ring.settled() for ring in phone.rings))
    phone.close()


async def test_an_outreach_call_from_the_next_target_to_its_outcome(
    seat: Seat, business: str, console_copy: Copy, database: asyncpg.Connection, targets: CalledPhone
) -> None:
    gate = await command(console_copy, "outreach", "gate")
    await seat.sign_in()
    await seat.shows_text("top-bar .phone", "電話 接続")
    await seat.press("o")
    if gate["why_not"] is not None:
        await seat.shows_text("outreach-panel", gate["why_not"])
        await seat.hides("outreach-panel .number, outreach-panel [data-primary]")
        return
    await seat.shows_text("outreach-panel .name", business)
    await seat.hides("outreach-panel .number")
    walk = Walk(seat)
    await walk.look("outreach")
    await seat.press("Enter")
    await seat.shows_text("outreach-panel .number", WRITTEN)
    # The browser has picked up by itself, the target is busy, and what came of it is chosen already.
    await seat.shows_text("outreach-panel [role=status]", "話し中でした")
    assert [ring.invite.start.split("@")[0] for ring in targets.rings] == ["INVITE sip:0598534000"]
    assert await seat.page.locator("outreach-panel input[name=outcome]").nth(4).is_checked()
    await seat.press("2")
    await seat.page.locator("#outreach-note").fill(NOTE)
    await seat.page.reload()
    await seat.shows_text("top-bar .phone", "電話 接続")
    await seat.press("o")
    await seat.shows_text("outreach-panel .number", WRITTEN)
    assert NOTE == await seat.page.locator("#outreach-note").input_value()
    await walk.look("outreach-outcome")
    await seat.press("Enter")
    await stored(database, SETTLED, NOTE)
    await seat.hides("outreach-panel .number")
    assert {} == walk.found
