"""Another page in the operator's own browser can neither open the desk nor post a form to the centre.

The other page is on the same host under another port: browsers count that as the same site, and send even
cookies that are `SameSite=Strict`. What refuses is the server.
"""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page

from tests.acceptance.console.conftest import OPERATOR
from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import Copy

OPENS = """address => new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onmessage = () => resolve("open");
    socket.onerror = () => resolve("refused");
})"""
POSTS = """address => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype: "text/plain", action: address });
    const field = document.createElement("input");
    Object.assign(field, { name: '{"state":"ready","x":"', value: '"}' });
    form.append(field);
    document.body.append(form);
    form.submit();
}"""
TICKET = """async () => {
    const session = await (await fetch("/api/session")).json();
    const headers = { "X-CSRF-Token": session.csrf_token, "Content-Type": "application/json" };
    return (await (await fetch("/api/desk/ticket", { method: "POST", headers, body: "{}" })).json()).ticket;
}"""


@pytest.fixture
async def foreign(seat: Seat, context: BrowserContext) -> AsyncIterator[Page]:
    """A page of somebody else's, in the browser of an operator who is signed in."""
    await seat.sign_in()
    app = web.Application()
    app.router.add_get("/", _anything)
    async with TestServer(app, host="127.0.0.1") as server:
        page = await context.new_page()
        await page.goto(str(server.make_url("/")))
        yield page


async def _anything(_: web.Request) -> web.Response:
    return web.Response(text="<p>当選しました</p>", content_type="text/html")


async def test_a_desk_opens_from_our_own_page_alone(seat: Seat, foreign: Page, console_copy: Copy) -> None:
    desk = console_copy.running["http"].replace("http", "ws", 1) + "/api/desk?ticket="
    ours, theirs = [desk + await seat.page.evaluate(TICKET) for _ in range(2)]
    assert "refused" == await foreign.evaluate(OPENS, theirs)
    assert "open" == await seat.page.evaluate(OPENS, ours)


async def test_a_form_of_another_page_does_nothing(seat: Seat, foreign: Page, console_copy: Copy) -> None:
    address = f"{console_copy.running['http']}/api/agents/{OPERATOR}/state"
    async with foreign.expect_response(address) as posted:
        await foreign.evaluate(POSTS, address)
    answer = await posted.value
    assert "cookie" in await answer.request.all_headers()
    assert (403, "foreign-origin") == (answer.status, (await answer.json())["code"])
    await seat.shows_text("#state", "受付していません")
