"""The city's page: today in one sentence, what waits for the city, what it did about it, the records."""

import asyncio
from pathlib import Path

import asyncpg
from playwright.async_api import Browser, expect

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import chromium, context_of
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.test_a_booking import stored
from tests.acceptance.console.walk import Walk
from tests.acceptance.copy import Copy
from tests.acceptance.floor.command import command

FORMS = {
    "Excel": b"PK",
    "CSV": "\ufeff".encode(),
    "JSON": b"{",
    "一件ごとの通話（CSV）": "\ufeff呼ID".encode(),
}
CITY, MANAGER = "sample-city", "sample-manager"
CONTENT = "住所が二つの市にまたがるため、受け取れる窓口を市から折り返し知らせてほしい。"
DONE = "戸籍住民課から電話し、本庁で受け取れると伝えた。"


async def test_the_city_sees_what_waits_for_it_and_closes_it(
    console_copy: Copy, citizen: Citizen, database: asyncpg.Connection
) -> None:
    call = await citizen.call()
    call.hang_up()
    await call.over.wait()
    await stored(database, "SELECT 1 FROM calls WHERE caller LIKE '%' || $1", citizen.number[1:])
    who = ("--caller", citizen.number, "--name", citizen.name)
    case = await command(console_copy, "cases", "open", "city_callback", "--content", CONTENT, *who)
    async with chromium() as browser:
        walk = await _through(browser, console_copy, case["number"], citizen)
    assert {} == walk.found
    row = await database.fetchrow("SELECT state, version FROM cases WHERE number = $1", case["number"])
    assert row is not None
    assert ("done", 3) == (row["state"], row["version"])


async def _through(browser: Browser, copy: Copy, number: str, citizen: Citizen) -> Walk:
    seat = await Seat.take(await context_of(browser), copy, CITY)
    walk = Walk(seat)
    await seat.sign_in("case-card")
    await seat.shows_text("office-page .today", "対応をお待ちしている案件が")
    mine = seat.page.locator("case-card", has_text=number)
    await expect(mine).to_contain_text(citizen.written)
    row = seat.page.locator("records-list tbody tr", has_text=f"****-{citizen.number[-4:]}").first
    await row.wait_for()
    await walk.look("city")
    await row.get_by_role("button").click()
    await expect(seat.page.locator("records-list tbody")).to_contain_text(citizen.written)
    await walk.look("city-record")
    await mine.get_by_role("button", name="確認した").click()
    await expect(mine).to_contain_text("確認")
    await mine.get_by_role("button", name="対応を記録して終える").click()
    await seat.focus_is_on("case-card textarea")
    await seat.type(DONE)
    await walk.look("city-closing")
    await mine.get_by_role("button", name="対応済みにする").click()
    await expect(mine).to_have_count(0)
    await _reads_reports(seat, walk)
    assert [] == seat.complaints
    return walk


async def _reads_reports(seat: Seat, walk: Walk) -> None:
    """By keys: today's report, the one of the month, every form of it, and a reload that stays there."""
    page = seat.page
    await seat.press("Escape", "2")
    await seat.shows_text("reports-tab h2", "日報")
    await seat.shows("reports-tab tbody tr")
    await seat.shows_text("reports-tab", "途中経過")
    await walk.look("city-reports")
    await seat.press("b")
    await expect(page.locator("reports-tab")).not_to_contain_text("途中経過")
    await seat.press("m")
    await seat.shows_text("reports-tab h2", "月報")
    await page.reload()
    await seat.shows_text("reports-tab h2", "日報")
    await seat.press("m")
    await seat.shows_text("reports-tab h3", "日別")
    for form, begins in FORMS.items():
        async with page.expect_download() as coming:
            await page.get_by_role("link", name=form, exact=True).click()
        file = Path(await (await coming.value).path())
        assert (await asyncio.to_thread(file.read_bytes)).startswith(begins), form
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="すべての表を読む").click()
    await expect((await opening.value).get_by_role("heading", level=1)).to_contain_text("月報")


async def test_the_manager_has_the_same_page_for_the_centres_own_cases(console_copy: Copy) -> None:
    async with chromium() as browser:
        seat = await Seat.take(await context_of(browser), console_copy, MANAGER)
        walk = Walk(seat)
        await seat.sign_in("office-page .today")
        await seat.shows("records-list tbody tr")
        await walk.look("manager")
    assert {} == walk.found
    assert [] == seat.complaints
