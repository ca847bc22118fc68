"""Schemathesis against a running centre: it makes requests from the document, right ones and wrong ones."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.integration.agents.centre import CLI_TOKEN, Running

SEED = "20261201"
LIMIT_S = 240
REQUEST_LIMIT_S = "60"
"""Some requests start a process of their own."""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,unsupported_method"
)


async def attack(
    centre: Running, rules: Iterable[str], folder: Path, *, examples: int, phases: str = "coverage,fuzzing"
) -> None:
    """Send hostile requests to the paths of *rules* (``GET /api/calls``), always the same ones.

    Raises `AssertionError` with what schemathesis says when one of them breaks something, or is answered in a
    way that the document does not tell.
    """
    paths = sorted({rule.split()[1] for rule in rules})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"{centre.url}/api/openapi.json",
        *("--header", f"Authorization: Bearer {CLI_TOKEN}"),
        *("--seed", SEED, "--max-examples", str(examples), "--generation-database", "none"),
        *(
            "--phases",
            phases,
            "--request-timeout",
            REQUEST_LIMIT_S,
            "--no-color",
            "--warnings",
            "off",
            "--checks",
            CHECKS,
        ),
        *(option for path in paths for option in ("--include-path", path)),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(LIMIT_S):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-8_000:]
