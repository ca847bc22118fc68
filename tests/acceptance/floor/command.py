"""The command line of a running copy, as operations staff use it."""

import asyncio
import json
import sys
from typing import Any

from tests.acceptance.copy import Copy


async def command(copy: Copy, *arguments: str) -> dict[str, Any]:
    """Run ``madoguchi ARGUMENTS --json`` and return what it prints; fails with what it says when it fails."""
    content: dict[str, Any] = json.loads(await said(copy, *arguments, "--json") or "{}")
    return content


async def said(copy: Copy, *arguments: str) -> str:
    """Run ``madoguchi ARGUMENTS`` and return what it says; fails with its complaint when it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "madoguchi", *arguments),
        env=copy.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    words, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return words.decode()
