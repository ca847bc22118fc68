"""A question is answered with keys alone: an agreed answer, then a referral, both noted on the call."""

import asyncpg

from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.seat import Seat
from tests.acceptance.console.test_a_booking import stored
from tests.acceptance.console.walk import Walk

GIVEN = """
SELECT 1 FROM journal JOIN calls ON journal.stream = 'call:' || calls.id
WHERE journal.kind = $1 AND calls.caller LIKE '%' || $2
"""


async def test_an_answer_and_a_referral_are_found_given_and_recorded_with_keys_alone(
    seat: Seat, citizen: Citizen, database: asyncpg.Connection
) -> None:
    await seat.sign_in()
    await seat.be_ready()
    call = await citizen.call()
    await seat.shows_text(".ringing", citizen.written)
    await seat.press("Enter")
    await seat.shows("call-column .talking")
    walk = Walk(seat)
    await seat.press("/")
    await seat.type("電子証明書の期限")
    await seat.shows("found-answer")
    await seat.press("ArrowDown")
    await seat.focus_is_on("found-answer button.line")
    await seat.press("Enter")
    await seat.shows("found-answer .said")
    await walk.look("answer")
    await seat.press("Enter")
    await seat.shows_text("found-answer .given", "通話に記録しました")
    await seat.press("Escape")
    await seat.focus_is_on("search-box input")
    await seat.press("Escape", "d")
    await seat.focus_is_on("found-referral button.line")
    await seat.press("1", "Enter")
    await seat.shows_text("found-referral .given", "通話に記録しました")
    await walk.look("referral")
    assert {} == walk.found
    await seat.page.keyboard.press("Shift+E")
    await call.over.wait()
    await seat.shows_text("call-column", "後処理")
    await seat.page.get_by_role("button", name="後処理を終える").click()
    await seat.leave()
    for kind in ("call.answer_given", "call.referred"):
        await stored(database, GIVEN, kind, citizen.number[1:])
