"""The page of operations staff: what runs, and a change of the configuration from a typo to the history."""

from playwright.async_api import Browser, expect

from tests.acceptance.console.conftest import chromium, context_of
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.walk import Walk
from tests.acceptance.copy import Copy

OPS = "sample-ops"
OLD, NEW, WRONG = "ring_s = 20", "ring_s = 25", 'ring_s = "long"'
PUBLISHED_MS = 90_000


async def test_a_change_is_checked_compared_published_and_taken_back_in_the_page(console_copy: Copy) -> None:
    async with chromium() as browser:
        walk = await _through(browser, console_copy)
    assert {} == walk.found


async def _through(browser: Browser, copy: Copy) -> Walk:
    seat = await Seat.take(await context_of(browser), copy, OPS)
    walk = Walk(seat)
    await seat.sign_in("parts-picture")
    database = seat.page.locator(
        "parts-picture article", has=seat.page.locator("h2", has_text="データベース")
    )
    await expect(database).to_contain_text("正常")
    await expect(database).to_contain_text("が応答しています")
    await walk.look("ops-parts", pictured=False)  # it names folders of this machine

    await seat.press("2")
    await seat.shows_text("config-tab", "文章に誤りはありません")
    await _replace(seat, OLD, WRONG)
    await seat.shows_text("config-tab .mistakes", "ring_s")
    await seat.shows_text("config-tab .mistakes", "数で書いてください")
    await seat.shows("text-editor .cm-lint-marker-error")
    await walk.look("ops-mistake")
    await seat.page.reload()
    await seat.shows("parts-picture")
    await seat.press("2")
    await seat.shows_text("config-tab .mistakes", "ring_s")
    await _replace(seat, WRONG, NEW)
    await seat.shows_text("config-tab", "文章に誤りはありません")

    await seat.page.get_by_role("button", name="差分を見る").click()
    await seat.shows_text("diff-view .added", f"+{NEW}")
    await walk.look("ops-difference")
    await seat.page.get_by_label("変更の理由").fill("呼び出しを長くする")
    await seat.press("Enter")
    published = seat.page.locator("config-tab [role=alert]")
    await expect(published).to_contain_text("版を公開しました", timeout=PUBLISHED_MS)

    await seat.page.get_by_role("button", name="公開の履歴").click()
    newest = seat.page.locator("history-tab li").first
    await expect(newest).to_contain_text("呼び出しを長くする")
    await expect(newest).to_contain_text("公開中")
    await seat.page.locator("history-tab li").nth(1).get_by_role("button", name="差分").click()
    await seat.shows("history-tab form")
    await walk.look("ops-history")
    await seat.page.locator("history-tab form button").click()
    said = seat.page.locator("history-tab [role=alert]")
    await expect(said).to_contain_text("版を公開しました", timeout=PUBLISHED_MS)
    assert [] == seat.complaints
    return walk


async def _replace(seat: Seat, old: str, new: str) -> None:
    """Look *old* up in the editor, and type *new* over it."""
    await seat.page.locator("text-editor .cm-content").click()
    await seat.press("Control+Home", "Control+f")
    await seat.focus_is_on("text-editor .cm-search input[name=search]")
    await seat.press("Control+a")
    await seat.page.keyboard.type(old)
    await seat.press("Enter", "Escape")
    await seat.type(new)
