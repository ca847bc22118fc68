"""An operator's seat: a browser at the console, its keyboard, and what its microphone and ear carry."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import BrowserContext, Page, expect

from agents.second_factor import codes_around
from madoguchi.demo.running import login_of
from tests.acceptance.copy import Copy

PATIENCE_MS: Final = 15_000
AXE: Final = Path(__file__).parents[3] / "console" / "node_modules" / "axe-core" / "axe.min.js"

# Keeps every connection that the page opens, so that its counters can be read.
KEEP_CONNECTIONS: Final = """
window.connections = [];
window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct: (kind, given) => {
        const made = new kind(...given);
        window.connections.push(made);
        return made;
    },
});
"""
COUNTERS: Final = """async () => {
    const found = {};
    for (const connection of window.connections) {
        for (const entry of (await connection.getStats()).values()) {
            if (entry.type === "inbound-rtp") {
                found.heard = (found.heard ?? 0) + entry.packetsReceived;
                found.energy = (found.energy ?? 0) + (entry.totalAudioEnergy ?? 0);
            }
            if (entry.type === "outbound-rtp") found.sent = (found.sent ?? 0) + entry.packetsSent;
        }
    }
    return found;
}"""


async def violations_on(page: Page, *, without: str = "") -> list[str]:
    """Return what axe-core finds wrong on *page* as it is now; *without* one of its rules."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"rules": {without: {"enabled": False}}} if without else {}
    found = await page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [
        f"{each['id']}: {each['help']} ({'; '.join(str(node['target']) for node in each['nodes'][:5])})"
        for each in found
    ]


@dataclass
class Seat:
    """One tab. *keys* counts presses that are not typing; *complaints* is what the browser complained of."""

    page: Page
    copy: Copy
    user: str
    keys: int = 0
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def take(cls, context: BrowserContext, copy: Copy, user: str) -> "Seat":
        """Open a tab at the console."""
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        seat = cls(page, copy, user)
        page.on("pageerror", lambda error: seat.complaints.append(str(error)))
        page.on("console", seat._listen)
        await page.add_init_script(KEEP_CONNECTIONS)
        await page.goto(copy.running["http"])
        return seat

    def _listen(self, message: Any) -> None:
        # A refused sign-in and a lost network are shown in words; the browser notes them here as well.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    async def sign_in(self, page: str = "call-column") -> None:
        """Sign in with the keyboard, with a second factor where there is one, and wait for *page*."""
        await self.page.get_by_label("利用者名").wait_for()
        await self.type(self.user)
        await self.page.keyboard.press("Tab")
        login = login_of(self.copy.running, self.user)
        await self.type(login["password"])
        await self.page.keyboard.press("Enter")
        if "totp_secret" in login:
            await self._give_code(login["totp_secret"])
        await self.shows(page)

    async def _give_code(self, secret: str) -> None:
        """Type what the authenticator shows; when that was used already, what it shows next."""
        for code in codes_around(secret, time.time())[1:]:
            await self.shows("#totp")
            await self.page.locator("#totp").fill(code)
            async with self.page.expect_response("**/api/session") as answered:
                await self.page.keyboard.press("Enter")
            if (await answered.value).ok:
                return

    async def be_ready(self) -> None:
        """Wait for the browser's telephone, and take calls."""
        await self.shows_text("top-bar .phone", "電話 接続")
        await self.press("Enter")
        await self.shows_text("#state", "待機中")
        self.keys = 0

    async def press(self, *names: str) -> None:
        """Press keys, one after another, and count them."""
        for name in names:
            self.keys += 1
            await self.page.keyboard.press(name)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus, as an input method would put it there."""
        await self.page.keyboard.insert_text(text)

    async def shows(self, selector: str) -> None:
        """Wait until it is there; selectors reach into components."""
        await self.page.locator(selector).first.wait_for()

    async def shows_text(self, selector: str, text: str) -> None:
        """Wait until *selector* holds *text*."""
        await expect(self.page.locator(selector).first).to_contain_text(text, timeout=PATIENCE_MS)

    async def hides(self, selector: str) -> None:
        """Wait until it is gone."""
        await expect(self.page.locator(selector)).to_have_count(0, timeout=PATIENCE_MS)

    async def focus_is_on(self, selector: str) -> None:
        """Wait until the focus is there."""
        await expect(self.page.locator(selector).first).to_be_focused(timeout=PATIENCE_MS)

    async def counters(self) -> dict[str, float]:
        """Return packets *sent* and *heard*, and the *energy* of what was heard."""
        found: dict[str, float] = await self.page.evaluate(COUNTERS)
        return found

    async def violations(self) -> list[str]:
        """Return what axe-core finds wrong on the page as it is now."""
        return await violations_on(self.page)

    async def leave(self) -> None:
        """Take no more calls, so that nobody else's call rings here."""
        await self.page.evaluate("window.onbeforeunload = null")
        await self.press("s")
        await self.page.get_by_role("menuitem", name="受付を終える").click()
        await self.shows_text("#state", "受付していません")


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """How long ago that was."""
        return time.perf_counter() - self._began
