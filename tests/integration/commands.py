"""Runs the command line against a running centre, as a person at a keyboard would."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from madoguchi.cli import main
from tests.integration.agents.centre import CLI_TOKEN, Running

Said = tuple[int, str, str]
Command = Callable[..., Awaitable[Said]]


def commands(
    centre: Running, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Return what runs one command line and gives status, output and errors."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "400")
    cli = {"version": "22", "cli": ["/bin/echo", "asterisk says:"]}
    (home / "run.json").write_text(json.dumps({"http": centre.url, "asterisk": cli}))
    (home / "secrets.json").write_text(json.dumps({"cli_token": CLI_TOKEN}))

    def run(arguments: tuple[str, ...]) -> int:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert isinstance(ended.value.code, int)
        return ended.value.code

    async def in_a_thread(*arguments: str) -> Said:
        status = await asyncio.to_thread(run, arguments)
        said = capfd.readouterr()
        return status, said.out, said.err

    return in_a_thread
