"""What may not cost a word or a call: a second tab, a lost network, a refused microphone."""

from playwright.async_api import BrowserContext, async_playwright, expect

from tests.acceptance.console.citizen import AUDIBLE, Citizen
from tests.acceptance.console.conftest import CHROMIUM, OPERATOR, SIZE
from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import Copy

REFUSING = ["--no-sandbox", "--use-fake-device-for-media-stream", "--deny-permission-prompts"]
AWAY_S = 10
NOTE = "お母様の代わりにお電話。耳が遠いのでゆっくり。"


async def test_one_tab_is_the_phone_and_the_other_says_so(
    seat: Seat, context: BrowserContext, console_copy: Copy
) -> None:
    await seat.sign_in()
    await seat.shows_text("top-bar .phone", "電話 接続")
    second = await Seat.take(context, console_copy, OPERATOR)
    await second.shows_text("top-bar .phone", "別のタブ")
    await second.page.get_by_role("button", name="このタブで使う").click()
    await second.shows_text("top-bar .phone", "電話 接続")
    await seat.shows_text("top-bar .phone", "別のタブ")


async def test_a_lost_network_is_said_and_costs_nothing(
    seat: Seat, context: BrowserContext, citizen: Citizen
) -> None:
    """Both talk on; then the caller leaves while the page cannot know. What was typed is still there."""
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows(".ringing")
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    await context.set_offline(True)
    await seat.shows_text("operator-page", "サーバーとの接続が切れています")
    await seat.press("n")
    await seat.type(NOTE)
    heard = [await citizen.loudness(call) for _ in range(AWAY_S)]
    assert min(heard) > AUDIBLE
    call.hang_up()
    await call.over.wait()
    await context.set_offline(False)
    await seat.shows_text("call-column", "通話は終わりました")
    await expect(seat.page.locator(".strip.trouble")).to_have_count(0)
    assert NOTE == await seat.page.locator("#notes").input_value()
    await seat.press("Escape", "Enter")
    await seat.shows_text("#state", "待機中")
    await seat.leave()


async def test_a_microphone_that_is_refused_is_said_in_words(console_copy: Copy) -> None:
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=REFUSING)
        context = await browser.new_context(locale="ja-JP", viewport=SIZE)
        seat = await Seat.take(context, console_copy, OPERATOR)
        await seat.sign_in()
        await seat.shows_text("top-bar .phone", "電話 使えません")
        await seat.shows_text("operator-page", "マイクの使用が許可されていません")
        await browser.close()
    assert [] == seat.complaints
