"""The page is loaded again in mid-call: the call goes on, with its sound and every word that was typed."""

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.seat import Seat

NOTE = "お母様の代わりにお電話。耳が遠いのでゆっくり。"


async def test_a_reload_in_mid_call_keeps_the_call_its_sound_and_every_word(
    seat: Seat, citizen: Citizen
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows(".ringing")
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    assert await citizen.hears_somebody(call)
    await seat.press("n")
    await seat.type(NOTE)
    seat.page.on("dialog", lambda dialog: dialog.accept())
    await seat.page.reload()
    await seat.shows_text("call-column .talking", citizen.written)
    assert NOTE == await seat.page.locator("#notes").input_value()
    await seat.hides("call-column .box.trouble")
    before = await seat.counters()
    assert await citizen.hears_somebody(call)
    after = await seat.counters()
    assert after["heard"] > before.get("heard", 0)
    assert not call.over.is_set()
    await seat.press("Shift+E")
    await call.over.wait()
    await seat.shows_text("call-column", "後処理")
    assert NOTE == await seat.page.locator("#notes").input_value()
    await seat.press("Enter")
    await seat.leave()
