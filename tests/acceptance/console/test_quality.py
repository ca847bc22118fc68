"""The manager hears a recorded call, remarks on a moment and fills in the scorecard, by keys alone."""

import asyncpg
from playwright.async_api import Browser, expect

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import OPERATOR, chromium, context_of
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.test_a_booking import stored
from tests.acceptance.console.walk import Walk
from tests.acceptance.copy import Copy

MANAGER, CITY = "sample-manager", "sample-city"
REASON = "応対の確認（月次）"
REMARK = "センター名を名乗っていない。"
COMMENT = "ゆっくり話し、持ち物を確かめている。"
LISTENED_S = 3
RECORDED = """
SELECT calls.id FROM calls JOIN recordings ON recordings.call_id = calls.id
WHERE calls.caller LIKE '%' || $1 AND recordings.sha256 IS NOT NULL
"""
HEARD = "SELECT 1 FROM audit WHERE who = $1 AND object = $2 AND result = 'ok' AND detail->>'reason' = $3"
CARD = "SELECT agent, reached, most, comment FROM scorecards WHERE call_id = $1 AND by_whom = $2"


async def test_a_call_is_heard_for_a_reason_remarked_on_and_scored(
    seat: Seat, citizen: Citizen, console_copy: Copy, database: asyncpg.Connection
) -> None:
    call = await _recorded(seat, citizen, database)
    async with chromium() as browser:
        walk = await _judged(browser, console_copy, citizen)
        await _heard_by_the_city(browser, console_copy, citizen)
    assert {} == walk.found
    for who in (MANAGER, CITY):
        await stored(database, HEARD, who, f"calls/{call}/recording", REASON)
    marks = await database.fetch("SELECT text, by_whom FROM call_marks WHERE call_id = $1", call)
    assert [(REMARK, MANAGER)] == [tuple(mark) for mark in marks]
    assert (OPERATOR, 20, 25, COMMENT) == tuple(await stored(database, CARD, call, MANAGER))


async def _recorded(seat: Seat, citizen: Citizen, database: asyncpg.Connection) -> str:
    """Have a conversation, and return its call once its recording can be played."""
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows_text(".ringing", citizen.written)
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    for _ in range(LISTENED_S):
        await citizen.loudness(call)
    await seat.press("Shift+E")
    await call.over.wait()
    await seat.shows_text("call-column", "後処理")
    await seat.page.get_by_role("button", name="後処理を終える").click()
    await seat.leave()
    return str((await stored(database, RECORDED, citizen.number[1:]))["id"])


async def _judged(browser: Browser, copy: Copy, citizen: Citizen) -> Walk:
    seat = await Seat.take(await context_of(browser), copy, MANAGER)
    page, walk = seat.page, Walk(seat)
    await seat.sign_in("office-page .today")
    await seat.press("3")
    row = page.locator("quality-tab li button", has_text=citizen.written)
    await row.focus()
    await seat.press("Enter")
    await seat.focus_is_on("listening-place #reason")
    await seat.press("Enter")
    await seat.shows_text("listening-place .fault", "理由")
    await seat.type(REASON)
    await seat.press("Enter")
    await seat.focus_is_on("listening-place .play")
    time = page.locator("listening-place .time")
    await expect(time).not_to_contain_text("00:00 /")
    await seat.press("p", "ArrowLeft")
    await expect(time).to_contain_text("00:00 /")
    await seat.press("m")
    await seat.focus_is_on("mark-list #remark")
    await seat.type(REMARK)
    await _comes_back(seat, citizen)
    await seat.press("m", "Enter")
    await seat.shows_text("mark-list li", REMARK)
    await seat.press("Escape", "g")
    await seat.focus_is_on("score-form select")
    for points in ("4", "8", "8", "ArrowDown", "ArrowDown"):  # the first choice: it did not come up
        await seat.press(points, "Tab")
    await seat.type(COMMENT)
    await walk.look("quality")
    await seat.press("Tab", "Enter")
    await seat.shows_text("score-form [role=status]", "80%")
    await seat.shows_text("scores-table", "佐藤 美咲")
    await seat.shows_text("quality-tab li button[aria-current=true]", "評価済み 80%")
    assert [] == seat.complaints
    return walk


async def _comes_back(seat: Seat, citizen: Citizen) -> None:
    """Load the page again: it is where it was, with every word that was typed."""
    await seat.page.reload()
    row = seat.page.locator("quality-tab li button", has_text=citizen.written)
    await row.focus()
    await seat.press("Enter")
    await seat.focus_is_on("listening-place #reason")
    assert REMARK == await seat.page.locator("mark-list #remark").input_value()
    await seat.press("Escape", "Enter")
    await seat.focus_is_on("listening-place .play")
    await seat.press("p")


async def _heard_by_the_city(browser: Browser, copy: Copy, citizen: Citizen) -> None:
    """The city hears what it wants from the call's record; it judges nobody."""
    seat = await Seat.take(await context_of(browser), copy, CITY)
    await seat.sign_in("office-page .today")
    await seat.hides("office-bar nav button:has-text('評価')")
    row = seat.page.locator("records-list tbody tr", has_text=f"****-{citizen.number[-4:]}").first
    await row.get_by_role("button").click()
    await seat.page.locator("listening-place #reason").fill(REASON)
    await seat.press("Enter")
    await seat.shows("listening-place .play")
    assert [] == seat.complaints
