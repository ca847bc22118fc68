"""Exactly the right ears with other people's programs; the long form is ``tests.acceptance.listening``."""

from pathlib import Path

import pytest

from tests.acceptance.copy import Copy
from tests.acceptance.listening.run import seated

MODES = ("listen", "whisper", "barge")


@pytest.mark.parametrize(("part", "number"), [("page", 1), ("cli", 2)])
async def test_exactly_the_right_ears(floor_copy: Copy, tmp_path: Path, part: str, number: int) -> None:
    """At the page the supervisor takes over in the end, by the command line leaves."""
    async with seated(floor_copy, tmp_path, part, print, MODES) as rounds:
        await rounds.play(range(number, number + 1))
    assert [] == rounds.wrong
