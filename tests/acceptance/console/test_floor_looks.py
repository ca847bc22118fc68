"""How the floor and the wall look: nobody there, an ordinary hour, 999 callers and the longest names.

The engine, HTTP server and database are real; only Asterisk is not there, so that a thousand callers cost
nothing. With MADOGUCHI_PICTURES=1 the pictures in docs/pictures are taken anew.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from agents.desk.alerts import Severity
from agents.floor.figures import follow
from agents.web.built import Pages
from config.schema import Agent
from madoguchi.controller.site import BUILT_CONSOLE
from storage import open_pool
from telephony.figures import day_of
from telephony.model import events as ev
from telephony.model.ids import AgentName
from telephony.record import JST
from tests.acceptance.console.conftest import chromium, context_of
from tests.acceptance.console.seat import violations_on
from tests.call_rows import Row, insert
from tests.integration.agents.centre import Running, agent_of, login, running_centre

PICTURES = Path(__file__).parents[3] / "docs" / "pictures"
TAKES_PICTURES = os.environ.get("MADOGUCHI_PICTURES") == "1"
LONG_NAME = "松阪市戸籍住民課マイナンバーカード交付推進担当・松阪松太郎左衛門之助（嘉例川）"
NAMES = ("佐藤 美咲", "鈴木 一郎", "高橋 さくら", "渡辺 健", "中村 由美", "小林 大輔")
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def crew(*titles: str) -> tuple[Agent, ...]:
    """Return operators with these names, and the supervisor who watches."""
    people = [
        agent_of(f"op{n}", str(400 + n), "operator").model_copy(update={"title": title})
        for n, title in enumerate(titles)
    ]
    return (*people, agent_of("tanaka", "300", "supervisor").model_copy(update={"title": "田中 主任"}))


async def records(database: str, answered: int, lost: int) -> None:
    """Put a day's calls that ended into the database."""
    begins, _ = day_of(datetime.now(JST), JST)
    at = begins + timedelta(seconds=1)
    pool = await open_pool(database, name="rows")
    rows = [Row("answered", 8, at=at, queue="booking", agent="op0")] * answered
    await insert(pool, [*rows, *[Row("abandoned", 90, at=at, queue="booking")] * lost])
    await pool.close()


@asynccontextmanager
async def watched(centre: Running, view: str = "") -> AsyncIterator[Page]:
    """Show the floor to its supervisor, who has a desk phone; nothing may be wrong on any page."""
    centre.floor.engine.submit(ev.PhoneChanged(AgentName("tanaka"), registered=True))
    feed = centre.parts.desk.floor
    following = asyncio.create_task(follow(feed, centre.parts.figures, centre.parts.plan))
    async with chromium() as browser:
        context = await context_of(browser)
        answer = await context.request.post(f"{centre.url}/api/session", data=login("tanaka"))
        assert answer.ok, await answer.text()
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{centre.url}/{view}")
        try:
            yield page
        finally:
            following.cancel()
        assert [] == complaints


async def looks_right(page: Page, state: str) -> None:
    """Let axe judge the state in light and in dark; nothing may stick out to the side."""
    for scheme in ("light", "dark"):
        await page.emulate_media(
            color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
        )
        assert [] == await violations_on(page), f"{state}, {scheme}"
        if TAKES_PICTURES and scheme == "light" and state != "wall-empty":
            await page.screenshot(path=PICTURES / f"{state}.png")
    assert 0 == await page.evaluate(WIDTH)


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running_centre(database_url, tmp_path, pages=Pages.read(BUILT_CONSOLE)) as running:
        yield running


async def test_nobody_there(centre: Running) -> None:
    async with watched(centre) as page:
        await expect(page.locator("waiting-line")).to_contain_text("待っている人はいません")
        await expect(page.locator("figures-bar .today, figures-bar .rate").first).to_contain_text(
            "まだ呼がありません"
        )
        await looks_right(page, "floor-empty")
        await page.goto(f"{centre.url}/#wall")
        await expect(page.locator("wall-page .waiting, wall-page dl div").first).to_contain_text("0")
        await looks_right(page, "wall-empty")


async def test_an_ordinary_hour(centre: Running, database_url: str) -> None:
    """Two talk, one rings, others are ready, away and at after-call work; two wait, an alert is open."""
    await records(database_url, answered=57, lost=2)
    floor = centre.floor
    floor.engine.submit(ev.RosterChanged(crew(*NAMES)))
    floor.ready("op0", "op1", "op2")
    for number in range(5):
        call = floor.arrive(f"c{number}", f"+8190123456{number:02}")
        await floor.choose(call)
        if number < 2:
            floor.answer(call)
    floor.engine.submit(ev.PhoneChanged(AgentName("op3"), registered=True))
    floor.engine.submit(ev.AgentPaused(AgentName("op3"), "lunch"))
    text = (
        "市の予約システムに届いていない予約の変更が3件あります。予約は失われず、つながり次第、順に届きます。"
    )
    centre.parts.desk.alerts.raise_alert("delivery.late", Severity.WARNING, text, "delivery-late")
    async with watched(centre) as page:
        await expect(page.locator("waiting-line li")).to_have_count(3)
        await expect(page.locator("figures-bar .today")).to_contain_text("あと4件まで")
        await expect(page.locator("figures-bar .today")).to_contain_text("96.6%")
        await expect(page.locator("agent-tiles section").first).to_contain_text("2人")
        await expect(page.locator("footer")).to_contain_text("届いていない")
        await expect(page.locator("footer li")).to_be_in_viewport()
        await page.locator("agent-tile[data-name=op0] .head").click()
        await page.locator("agent-tile[data-name=op0] .switch button").first.click()
        await expect(page.locator("command-strip")).to_contain_text("だれにも聞こえません")
        await expect(page.locator("command-strip [data-primary]")).to_be_focused()
        await looks_right(page, "floor")
        await page.keyboard.press("Escape")
        await expect(page.locator("command-strip .asks")).to_have_count(0)
        await page.goto(f"{centre.url}/#wall")
        await expect(page.locator("wall-page .waiting dd").first).to_have_text("3")
        await looks_right(page, "wall")


async def test_a_command_is_done_and_taken_back(centre: Running) -> None:
    floor = centre.floor
    call = floor.arrive("c1")
    await floor.choose(call)
    async with watched(centre) as page:
        await page.locator("waiting-line .person").click()
        await page.locator("waiting-line .commands button", has_text="移す先：カード").click()
        await expect(page.locator("command-strip")).to_contain_text("待った時間はそのままです")
        await page.keyboard.press("Enter")
        await expect(page.locator("command-strip")).to_contain_text("元に戻す")
        view = floor.engine.call_view(call)
        assert view is not None
        assert "card" == view.queue
        await page.keyboard.press("u")
        await expect(page.locator("command-strip")).to_contain_text("元に戻しました")
        view = floor.engine.call_view(call)
        assert view is not None
        assert "booking" == view.queue
        await page.locator("agent-tile[data-name=sato] .head").click()
        await page.locator("agent-tile[data-name=sato] .states button", has_text="待機にする").click()
        await page.keyboard.press("Enter")
        await expect(page.locator("agent-tile[data-name=sato]")).to_contain_text("待機")
        await page.locator("waiting-line .commands button", has_text="先頭へ").click()
        await page.keyboard.press("Enter")
        await expect(page.locator("command-strip li")).to_have_count(2)
        await looks_right(page, "floor-undo")
        await page.keyboard.press("u")
        await expect(page.locator("command-strip li")).to_have_count(1)
        await page.keyboard.press("u")
        await expect(page.locator("agent-tile[data-name=sato]")).to_contain_text("離席")


async def test_a_flood_and_the_longest_names(centre: Running, database_url: str) -> None:
    await records(database_url, answered=40, lost=60)
    floor = centre.floor
    floor.engine.submit(ev.RosterChanged(crew(*(f"{n}{LONG_NAME}" for n in range(24)))))
    floor.ready(*(f"op{n}" for n in range(12)))
    for number in range(999):
        call = floor.arrive(f"c{number}", f"+8190{number:08}")
        await floor.choose(call)
        floor.switch.orders.clear()
    async with watched(centre) as page:
        await expect(page.locator("waiting-line .count")).to_have_text("999人", timeout=15_000)
        await expect(page.locator("waiting-line")).to_contain_text("ほか 939 人")
        await expect(page.locator("figures-bar .today")).to_contain_text("件の応答で回復")
        await page.locator("agent-tile[data-name=op0] .head").click()
        await looks_right(page, "floor-flood")
        await page.goto(f"{centre.url}/#wall")
        await expect(page.locator("wall-page .waiting dd").first).to_have_text("999")
        await looks_right(page, "wall-flood")
        assert 0.1 < await page.evaluate(DIGITS), "a number must fill a tenth of the screen's height"


DIGITS = """() => {
    const wall = document.querySelector("mado-app").shadowRoot.querySelector("floor-app").shadowRoot
        .querySelector("wall-page").shadowRoot;
    const numbers = [...wall.querySelectorAll("dd")];
    const sizes = numbers.map((each) => parseFloat(getComputedStyle(each).fontSize));
    const fit = numbers.every((each) => each.scrollWidth <= each.parentElement.clientWidth);
    return fit ? Math.min(...sizes) / innerHeight : 0;
}"""
