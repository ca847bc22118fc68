"""A whole centre for acceptance tests, with its own home, ports and ``centre.toml``, started as users do."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from config.layout import Layout
from madoguchi.demo.running import operators, password_of, read_running, supervisor_of
from madoguchi.demo.screen import Screen
from madoguchi.local.run_file import RunFile

START_LIMIT_S = 600
STOP_LIMIT_S = 60


def free_port(kind: socket.SocketKind) -> int:
    """Return a loopback port that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Copy:
    """One running centre."""

    home: Path
    environment: Mapping[str, str]

    @property
    def layout(self) -> Layout:
        """Its directories."""
        return Layout(self.home)

    @property
    def running(self) -> RunFile:
        """Its ``run.json``, as it is now."""
        return read_running(self.layout)

    def make(self, verb: str, limit_s: float) -> None:
        """Do what ``make VERB`` does (``up``, ``down``); the output is shown when it fails."""
        command = [sys.executable, "-m", "madoguchi.local", verb]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=limit_s, check=False
        )
        assert done.returncode == 0, f"{verb}: {done.stdout[-2_000:]}{done.stderr[-2_000:]}"

    @asynccontextmanager
    async def screens(self) -> AsyncIterator[dict[str, Screen]]:
        """Sign every operator in; yields the screens by name."""
        running = self.running
        async with AsyncExitStack() as exits:
            names = [phone["name"] for phone in operators(running)]
            screens = {name: Screen(running["http"], name, password_of(running, name)) for name in names}
            for screen in screens.values():
                await exits.enter_async_context(screen)
            yield screens

    def supervisor(self) -> Screen:
        """The supervisor's screen, not signed in yet."""
        running = self.running
        login = supervisor_of(running)
        return Screen(running["http"], login["user"], login["password"], login.get("totp_secret"))


def start_copy(home: Path, centre_file: Path, **more: str) -> Copy:
    """Start a centre below *home* with *centre_file*; stop it with ``copy.make("down", …)``.

    It has no standby unless *more* or the environment says so.
    """
    ports = {
        "MADOGUCHI_SIP_PORT": free_port(socket.SOCK_DGRAM),
        "MADOGUCHI_HTTP_PORT": free_port(socket.SOCK_STREAM),
        "MADOGUCHI_ASTERISK_HTTP_PORT": free_port(socket.SOCK_STREAM),
        "MADOGUCHI_AMI_PORT": free_port(socket.SOCK_STREAM),
    }
    environment = {
        "MADOGUCHI_STANDBY": "0",  # most tests need one controller, and a second one takes a second to start
        **os.environ,
        **{name: str(port) for name, port in ports.items()},
        "MADOGUCHI_HOME": str(home),
        "MADOGUCHI_CONFIG": str(centre_file),
        **more,
    }
    copy = Copy(home, environment)
    copy.make("up", START_LIMIT_S)
    return copy
