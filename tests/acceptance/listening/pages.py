"""Operator and supervisor at their pages in Chromium, a telephone in each, and the supervisor's buttons."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import Copy
from tests.acceptance.listening.browser import PageEar, browser_with
from tests.acceptance.listening.caller import Caller
from tests.acceptance.listening.ears import TONES, Ear
from tests.acceptance.listening.rounds import CHIEF, OPERATOR

TILE = f"agent-tile[data-name={OPERATOR}]"
STEPS: Final = ("listen", "whisper", "barge", "takeover", "leave")
"""The buttons of a tile, from the left."""


@dataclass(slots=True)
class Pages:
    """The operator's page and the supervisor's, both signed in."""

    operator: Seat
    supervisor: Seat
    name: str = "page"
    ears: Mapping[str, Ear] = field(init=False)

    def __post_init__(self) -> None:
        self.ears = {"operator": PageEar(self.operator.page), "supervisor": PageEar(self.supervisor.page)}

    async def pick_up(self) -> None:
        """Answer with the keyboard."""
        await self.operator.shows("call-column .ringing")
        await self.operator.press("Enter")
        await self.operator.shows("call-column .talking")

    async def want(self, mode: str, call: str) -> None:  # noqa: ARG002 -- the operator has only one
        """Press the step's button, and the one that confirms it."""
        page = self.supervisor.page
        if not await page.locator(f"{TILE}[open]").count():
            await page.locator(f"{TILE} .head").click()
        await page.locator(f"{TILE} .switch button").nth(STEPS.index(mode)).click()
        await page.locator("command-strip [data-primary]").click()

    async def end(self, caller: Caller, *, taken_over: bool) -> str:
        """Let the supervisor hang up, with the button, when the call is theirs; else the caller."""
        if not taken_over:
            await caller.leave()
            return "caller"
        await self.supervisor.page.locator("floor-page header button.danger").click()
        return "agent"


@asynccontextmanager
async def pages(copy: Copy, folder: Path) -> AsyncIterator[Pages]:
    """Open both pages, each in a Chromium with a microphone of its own; the operator is ready."""
    async with AsyncExitStack() as exits:
        tones = (TONES["operator"], TONES["supervisor"])
        both = await asyncio.gather(
            *(exits.enter_async_context(browser_with(tone, folder)) for tone in tones)
        )
        operator = await Seat.take(both[0], copy, OPERATOR)
        supervisor = await Seat.take(both[1], copy, CHIEF)
        await asyncio.gather(operator.sign_in(), supervisor.sign_in("floor-page"))
        await supervisor.shows_text("floor-page .phone", "電話 接続")
        await operator.be_ready()
        yield Pages(operator, supervisor)
        await operator.leave()
        assert [] == operator.complaints + supervisor.complaints
