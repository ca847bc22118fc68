"""The command line of a running copy, as operations staff use it."""

import asyncio
import json
import sys
from typing import Any

from tests.acceptance.copy import Copy


async def command(copy: Copy, *arguments: str) -> dict[str, Any]:
    """Run ``madoguchi ARGUMENTS --json`` and return what it prints; fails with what it says when it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "madoguchi", *arguments, "--json"),
        env=copy.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    content: dict[str, Any] = json.loads(said or b"{}")
    return content
