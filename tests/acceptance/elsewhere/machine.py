"""The second machine: its home has what the recipe copies, and its programs run as its services do."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import stamina

from config.layout import Layout
from madoguchi.controller.afar import COPIED
from madoguchi.local.processes import recorded
from telephony.leadership import stands_by
from tests.acceptance.copy import Copy
from tests.acceptance.elsewhere.network import GATE, Machines, cable

PROGRAMS = ("controller", "rescue", "worker")
READY_S = 30.0
STOP_S = 15.0


@dataclass(slots=True)
class FarMachine:
    """Stands by for *copy*."""

    copy: Copy
    home: Path
    names: Machines
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """Its directories."""
        return Layout(self.home)

    @property
    def environment(self) -> dict[str, str]:
        """What its programs find: the ports of Asterisk's machine, under the other end's address."""
        database = self.copy.running["database"]
        host = urlsplit(database).hostname or ""
        return {
            **self.copy.environment,
            "MADOGUCHI_HOME": str(self.home),
            "MADOGUCHI_CONFIG": str(self.home / "centre.toml"),
            "MADOGUCHI_DIALPLAN": str(self.home / "custom"),
            "MADOGUCHI_ASTERISK_ADDRESS": GATE,
            "DATABASE_URL": database.replace(f"@{host}:", f"@{GATE}:"),
        }

    def copy_home(self) -> None:
        """Copy what the recipe says, and nothing else."""
        self.home.mkdir()
        for name in COPIED:
            source = self.copy.home / name
            if source.is_dir():
                shutil.copytree(source, self.home / name, symlinks=True)
            elif source.exists():
                shutil.copy2(source, self.home / name, follow_symlinks=False)

    @contextmanager
    def programs(self) -> Iterator[None]:
        """Run them while the block runs."""
        with ExitStack() as exits:
            for name in PROGRAMS:
                exits.callback(self.stop, name)
                self.start(name)
            yield

    def start(self, name: str) -> None:
        """Start a program, with the record by which the rescue finds it."""
        self.layout.supervisor.mkdir(exist_ok=True)
        argv = recorded(self.layout.supervisor, name, [sys.executable, "-m", "madoguchi", name])
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.names.inside(argv), env=self.environment, stdout=log, stderr=log
            )

    def stop(self, name: str) -> None:
        """End a program gently; one that does not is killed."""
        process = self.running.pop(name, None)
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    async def stands_by(self) -> None:
        """Wait until its controller has loaded everything."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=READY_S, wait_max=0.1
        ):
            with attempt:
                assert stands_by(self.layout.standby_file) == self.running["controller"].pid, self.said()

    async def leads(self) -> None:
        """Wait until its controller takes calls."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=READY_S, wait_initial=0.2, wait_max=0.5
        ):
            with attempt:
                done = await self.command("status", "--json")
                assert done.returncode == 0, self.said()
                assert json.loads(done.stdout)["ready"]

    async def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the command line there."""
        argv = self.names.inside([sys.executable, "-m", "madoguchi", *arguments])
        run = {"env": self.environment, "capture_output": True, "text": True, "check": False}
        return await asyncio.to_thread(subprocess.run, argv, **run)

    def said(self) -> str:
        """Return the last lines of its controller."""
        log = self.home / "controller.log"
        return log.read_text(errors="replace")[-1_500:] if log.exists() else "it has not started"


@asynccontextmanager
async def far_machine(copy: Copy, folder: Path) -> AsyncIterator[FarMachine]:
    """Yield a second machine for *copy* that is about to stand by."""
    ports = [int(copy.environment[f"MADOGUCHI_{name}_PORT"]) for name in ("ASTERISK_HTTP", "AMI")]
    database = urlsplit(copy.running["database"]).port
    assert database is not None
    async with cable([*ports, database]) as names:
        machine = FarMachine(copy, folder / "far", names)
        machine.copy_home()
        with machine.programs():
            yield machine
