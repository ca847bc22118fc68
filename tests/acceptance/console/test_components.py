"""Every component in every state that somebody can meet (`/dev/components`): axe, and the longest words.

Needs a browser alone. With MADOGUCHI_PICTURES=1 the pictures of the longest words are taken anew.
"""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page

from tests.acceptance.console.conftest import chromium, context_of
from tests.acceptance.console.seat import violations_on
from tests.acceptance.console.walk import PICTURES, TAKES_PICTURES

CONSOLE = Path(__file__).parents[3] / "console"
BUILD_LIMIT_S = 120
LARGER_TEXT = "document.documentElement.style.fontSize = '125%'"
OVERFLOWS = """() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return scrollWidth - clientWidth;
}"""
PICTURED = {"page long", "top-bar 999 wait"}


@pytest.fixture(scope="module")
def built() -> Path:
    subprocess.run(["node", "stories.mjs"], cwd=CONSOLE, check=True, timeout=BUILD_LIMIT_S)
    return CONSOLE / "stories"


@pytest.fixture
async def stories(built: Path) -> AsyncIterator[Page]:
    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(built / "dev" / "components" / "index.html")

    app = web.Application()
    app.router.add_get("/dev/components", index)
    app.router.add_static("/", built)
    async with TestServer(app, host="127.0.0.1") as server, chromium() as browser:
        page = await (await context_of(browser)).new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        await page.emulate_media(reduced_motion="reduce")
        await page.goto(str(server.make_url("/dev/components")))
        yield page


async def _shown(page: Page, story: str) -> None:
    await page.evaluate("name => { location.hash = encodeURIComponent(name); }", story)
    await page.wait_for_function("name => decodeURIComponent(location.hash.slice(1)) === name", arg=story)
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


async def test_no_state_of_any_component_keeps_anybody_out(stories: Page) -> None:
    """All parts at once, one below the other, and each page alone."""
    found = {}
    for name in ["all", *await stories.evaluate("window.stories.pages")]:
        await _shown(stories, name)
        for scheme in ("light", "dark"):
            await stories.emulate_media(color_scheme=scheme)
            # The same part many times has the same name many times; on a page it is there once.
            if wrong := await violations_on(stories, without="landmark-unique" if name == "all" else ""):
                found[f"{name}, {scheme}"] = wrong
    assert {} == found


async def test_the_longest_words_and_larger_text_break_no_layout(stories: Page) -> None:
    wide = {}
    for text in ("100%", "125%"):
        for name in await stories.evaluate("window.stories.names"):
            await _shown(stories, name)
            if text == "125%":
                await stories.evaluate(LARGER_TEXT)
            if (beyond := await stories.evaluate(OVERFLOWS)) > 0:
                wide[f"{name}, {text}"] = beyond
            if TAKES_PICTURES and name in PICTURED:
                file = PICTURES / f"component-{name.replace(' ', '-')}-{text.removesuffix('%')}.png"
                await stories.screenshot(path=file, full_page=True)
    assert {} == wide
