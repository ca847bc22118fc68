"""Looks at states of a page, one after another: axe judges each in light and in dark.

With MADOGUCHI_PICTURES=1 the pictures in docs/pictures are taken anew on the way.
"""

import os
from pathlib import Path

from tests.acceptance.console.seat import Seat

PICTURES = Path(__file__).parents[3] / "docs" / "pictures"
TAKES_PICTURES = os.environ.get("MADOGUCHI_PICTURES") == "1"


class Walk:
    """*also_dark*: states whose picture is taken in dark, too. *found* is what axe found, by state."""

    def __init__(self, seat: Seat, also_dark: frozenset[str] = frozenset()) -> None:
        self._seat, self._also_dark = seat, also_dark
        self.found: dict[str, list[str]] = {}

    async def look(self, state: str, *, pictured: bool = True) -> None:
        """Let axe judge the state, and take its picture if that is asked for."""
        for scheme in ("light", "dark"):
            await self._seat.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if wrong := await self._seat.violations():
                self.found[f"{state}, {scheme}"] = wrong
            if TAKES_PICTURES and pictured and (scheme == "light" or state in self._also_dark):
                name = state if scheme == "light" else f"{state}-dark"
                PICTURES.mkdir(exist_ok=True)
                await self._seat.page.screenshot(path=PICTURES / f"console-{name}.png", full_page=True)
        await self._seat.page.emulate_media(color_scheme="light")
