"""A supervisor at the floor's page joins a real call with the browser's telephone, and leaves it."""

import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, Page, expect

from agents.second_factor import codes_around
from madoguchi.demo.running import supervisor_of
from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.conftest import OPERATOR, chromium, context_of
from tests.acceptance.console.seat import PATIENCE_MS, Seat
from tests.acceptance.copy import Copy

TILE = f"agent-tile[data-name={OPERATOR}]"


@pytest.fixture
async def office() -> AsyncIterator[BrowserContext]:
    """The supervisor's own browser."""
    async with chromium() as browser:
        yield await context_of(browser)


async def signed_in(office: BrowserContext, copy: Copy) -> Seat:
    """Sign the supervisor in, as the page does, and open the console."""
    login = supervisor_of(copy.running)
    content = {"user": login["user"], "password": login["password"]}
    for code in codes_around(login["totp_secret"], time.time())[1:]:
        answer = await office.request.post(
            f"{copy.running['http']}/api/session", data={**content, "totp": code}
        )
        if answer.ok:
            break
    assert answer.ok, await answer.text()
    return await Seat.take(office, copy, login["user"])


async def says(page: Page, text: str) -> None:
    await expect(page.locator("command-strip")).to_contain_text(text, timeout=PATIENCE_MS)


async def test_listening_whispering_and_leaving_from_the_page(
    seat: Seat, office: BrowserContext, citizen: Citizen, console_copy: Copy
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    chief = await signed_in(office, console_copy)
    page = chief.page
    await chief.shows_text("floor-page .phone", "電話 接続")
    call = await citizen.call()
    await chief.shows_text("waiting-line", citizen.written)
    await seat.shows_text("call-column .ringing", citizen.written)
    await seat.press("Enter")
    await chief.shows_text(TILE, "通話")
    await expect(page.locator("waiting-line li")).to_have_count(0, timeout=PATIENCE_MS)

    await page.locator(f"{TILE} .head").click()
    await page.keyboard.press("1")
    await says(page, "だれにも聞こえません")
    await says(page, "あなたの電話が鳴ります")
    await page.keyboard.press("Enter")
    await chief.shows_text(f"{TILE} .heard", "聴く")
    before = (await chief.counters()).get("heard", 0)
    await page.wait_for_function(
        """async (before) => {
            for (const connection of window.connections)
                for (const entry of (await connection.getStats()).values())
                    if (entry.type === "inbound-rtp" && entry.packetsReceived > before + 25) return true;
            return false;
        }""",
        arg=before,
    )

    await page.locator(f"{TILE} .switch button").nth(1).click()
    await says(page, "市民には聞こえません")
    await page.keyboard.press("Enter")
    await chief.shows_text(f"{TILE} .heard", "ささやく")
    await says(page, "元に戻す")
    await page.keyboard.press("u")
    await chief.shows_text(f"{TILE} .heard", "聴く")

    await page.locator(f"{TILE} .switch button").last.click()
    await says(page, "通話はそのまま続きます")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"{TILE} .heard")).to_have_count(0, timeout=PATIENCE_MS)
    await seat.shows("call-column .talking")
    call.hang_up()
    await chief.shows_text(TILE, "後処理")
    await seat.page.get_by_role("button", name="後処理を終える").click()
    await seat.shows_text("#state", "待機中")
    await _takes_back(chief, seat)
    await page.route("**/api/agents/*/state", lambda route: route.abort())
    await page.locator(f"{TILE} .states button", has_text="受付を終える").click()
    await page.keyboard.press("Enter")
    await says(page, "サーバーに届きません")
    await seat.leave()
    await _goes_to_the_office_and_back(chief)
    assert [] == chief.complaints


async def _takes_back(chief: Seat, seat: Seat) -> None:
    """Two commands are given, and both taken back by the key, the latest first; then nothing is left."""
    page = chief.page
    for button in ("離席にする：昼休憩", "受付を終える"):
        await page.locator(f"{TILE} .states button", has_text=button).click()
        await page.keyboard.press("Enter")
        await says(page, "実行しました")
        await expect(page.locator("command-strip li").first).to_contain_text(button, timeout=PATIENCE_MS)
    await seat.shows_text("#state", "受付していません")
    await page.keyboard.press("u")
    await seat.shows_text("#state", "昼休憩")
    await expect(page.locator("command-strip li")).to_have_count(1, timeout=PATIENCE_MS)
    await page.keyboard.press("u")
    await seat.shows_text("#state", "待機中")
    await says(page, "元に戻しました")
    await expect(page.locator("command-strip li")).to_have_count(0, timeout=PATIENCE_MS)


async def _goes_to_the_office_and_back(chief: Seat) -> None:
    """Cases, reports and quality are a page besides the floor, for supervisors, too."""
    await chief.page.get_by_role("link", name="案件・報告書・評価").click()
    await chief.shows("today-tab .today")
    await chief.press("2")
    await chief.shows_text("reports-tab h2", "日報")
    await chief.press("3")
    await chief.shows("quality-tab")
    await chief.page.get_by_role("link", name="フロア").click()
    await chief.shows("floor-page figures-bar")
