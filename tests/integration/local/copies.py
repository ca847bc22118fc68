"""One copy of the centre in a test: starting it, and looking at what it leaves on the machine."""

import asyncio
import io
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil
from rich.console import Console

from config.settings import Settings
from madoguchi.local import RunFile, ports, run_file, supervisor
from madoguchi.local.contents import Contents
from madoguchi.local.starting import start
from madoguchi.local.steps import Steps
from tests.integration.local.small_centre import SmallCentre

_LIMIT_S = 20.0


@dataclass
class Copy:
    """One copy by its settings. *database_url* replaces the one in ``run.json`` for queries."""

    settings: Settings
    contents: Contents = field(default_factory=SmallCentre)
    database_url: str | None = None
    shown: io.StringIO = field(default_factory=io.StringIO)

    @property
    def steps(self) -> Steps:
        """Return steps that write into *shown*."""
        return Steps(Console(file=self.shown))

    def up(self) -> RunFile:
        """Start it, and wait until its supervisor calls every program running."""
        start(self.settings, self.contents, self.steps)
        eventually(
            lambda: all(state.running for state in supervisor.Supervisor(self.settings.layout).states())
        )
        return self.run

    @property
    def run(self) -> RunFile:
        """Return ``run.json``."""
        content = run_file.read(self.settings.layout)
        assert content is not None
        return content

    def processes(self) -> list[str]:
        """Return the command line of every process that has to do with this copy."""
        lines = []
        for process in psutil.process_iter(["cmdline", "environ"]):
            command, environ = " ".join(process.info["cmdline"] or ()), process.info["environ"] or {}
            if str(self.settings.home) in command or environ.get("MADOGUCHI_HOME") == str(self.settings.home):
                lines.append(command)
        return lines

    def leftovers(self) -> list[str]:
        """Return everything of this copy that is still on the machine and should not be."""
        home = self.settings.home
        mounts = [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(home) in line]
        sockets = [str(path) for path in home.rglob("*") if path.is_socket()]
        records = [str(path) for path in (home / "supervisor").glob("*.process")]
        place = supervisor.socket_path(self.settings.layout).parent
        outside = [str(place)] if place.exists() and not place.is_relative_to(home) else []
        taken = [p.variable for p in ports.wanted(self.settings) if not ports.is_free(p.number, p.kind)]
        run = [str(path) for path in (self.settings.layout.run_file,) if path.exists()]
        return [*self.processes(), *mounts, *sockets, *records, *outside, *taken, *run]

    def asterisk(self, line: str) -> str:
        """Return what Asterisk's command line answers."""
        argv = [*self.run["asterisk"]["cli"], line]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    def answers(self, line: str) -> bool:
        """Return whether Asterisk's command line answers *line*."""
        argv = [*self.run["asterisk"]["cli"], line]
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0

    def database_answers(self) -> bool:
        """Return whether the database can be asked."""
        try:
            return self.query("SELECT 1") == 1
        except (OSError, asyncpg.PostgresError):
            return False

    def query(self, statement: str) -> object:
        """Return the first value that *statement* yields in the database."""
        return asyncio.run(_query(self.database_url or self.run["database"], statement))


async def _query(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until *holds*; fail after twenty seconds."""
    deadline = time.monotonic() + _LIMIT_S
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
