"""The two parts: at the pages, and by the command line."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Office
from tests.acceptance.listening.pages import pages
from tests.acceptance.listening.rounds import MODES, Rounds
from tests.acceptance.listening.terminal import terminal

PARTS: Final = ("page", "cli")


@asynccontextmanager
async def seated(
    copy: Copy, folder: Path, part: str, tell: Callable[[str], None], modes: Sequence[str] = MODES
) -> AsyncIterator[Rounds]:
    """Bring operator and supervisor of *part* to their seats on *copy*; yields what plays the rounds.

    *tell* gets a line for each round.
    """
    async with Office(copy) as office:
        people = pages(copy, folder) if part == "page" else terminal(copy, office, folder)
        async with people as seats:
            yield Rounds(copy, office, seats, folder, tell, modes)
