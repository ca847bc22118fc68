"""What carries the programs of a copy: supervisord on this machine, or containers. Chosen by ``RUNTIME``.

A copy that is up remembers its own, so that ``make down`` without ``RUNTIME`` stops the right thing.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from config.layout import Layout
from config.settings import Settings
from madoguchi.local import asterisk_root, programs
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole
from madoguchi.local.home import hand_over
from madoguchi.local.postgres import Cluster
from madoguchi.local.preparing import prepare
from madoguchi.local.programs import Program
from madoguchi.local.steps import Steps
from madoguchi.local.supervisor import State, Supervisor

LOCAL, DOCKER = "local", "docker"


class Keeper(Protocol):
    """Starts programs by name, keeps them running, and stops them. `Supervisor` is one."""

    def answers(self) -> bool:
        """Return whether it is there."""
        ...

    def launch(self, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        """Make ready to run *programs*, none of which runs yet."""
        ...

    def start(self, name: str) -> None:
        """Let *name* run, now and whenever it ends."""
        ...

    def states(self) -> list[State]:
        """Return how every program is."""
        ...

    def shut_down(self) -> None:
        """Stop everything."""
        ...

    def last_words(self, name: str) -> str:
        """Return the last line that *name* printed, and where there is more."""
        ...


class Runtime(Protocol):
    """Everything in which one way of running a copy differs from another."""

    name: str
    keeper: Keeper

    def prepare(self, steps: Steps) -> str:
        """Make the machine ready and return Asterisk's version. Raises `LocalError`."""
        ...

    def cluster(self, password: str) -> Cluster:
        """Return the private database of this copy."""
        ...

    def asterisk_cli(self) -> list[str]:
        """Return the command to which one line for Asterisk's command line is added."""
        ...

    def asterisk_owner(self) -> tuple[int, int]:
        """Return the user and group that Asterisk runs as."""
        ...

    def own_home(self) -> None:
        """Let what our own programs write belong to whom they run as."""
        ...

    def follow_logs(self) -> NoReturn:
        """Become what follows everything that all programs print. Raises `LocalError`."""
        ...


class LocalRuntime:
    """supervisord, Asterisk in a root of its own, our programs as root."""

    name = LOCAL

    def __init__(self, settings: Settings) -> None:
        self._layout = settings.layout
        self.keeper: Keeper = Supervisor(settings.layout)

    def prepare(self, steps: Steps) -> str:
        """Make the machine ready and return Asterisk's version."""
        return prepare(steps, callers=False)

    def cluster(self, password: str) -> Cluster:
        """Return the private database: Debian's server, run by supervisord."""
        return Cluster.of(self._layout.postgres, password)

    def asterisk_cli(self) -> list[str]:
        """Return Asterisk's command line; it enters the root by itself."""
        return programs.asterisk_cli(self._layout.home, asterisk_root.ROOT)

    def asterisk_owner(self) -> tuple[int, int]:
        """Return the user of this machine that Asterisk runs as."""
        return asterisk_root.account()

    def own_home(self) -> None:
        """Take back what containers may have had."""
        home = self._layout.home
        ours = (os.geteuid(), os.getegid())
        for path in (self._layout.supervisor, self._layout.journal_file.parent, *_plain_files(home)):
            hand_over(path, ours)
        os.chown(home, *ours)

    def follow_logs(self) -> NoReturn:
        """Become ``tail -F`` of every log."""
        found = sorted((*self._layout.logs.glob("*.log"), *(self._layout.asterisk / "log").glob("*")))
        if not found:
            raise LocalError(f"There are no logs in {self._layout.logs} yet; run make up first.")
        os.execv("/usr/bin/tail", ["tail", "-n", "20", "-F", *map(str, found)])  # noqa: S606 -- no shell is wanted


def _plain_files(home: Path) -> list[Path]:
    return [path for path in home.iterdir() if path.is_file()]


def runtime_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> Runtime:
    """Return the runtime of the copy that *settings* name. Raises `LocalError` for one that nobody knows."""
    name = environ.get("RUNTIME") or remembered(settings.layout) or LOCAL
    if name == LOCAL:
        return LocalRuntime(settings)
    if name == DOCKER:
        from madoguchi.containers.runtime import ContainerRuntime  # noqa: PLC0415 -- it builds on this package

        return ContainerRuntime(settings)
    raise LocalError(f"RUNTIME={name} is not known; give {LOCAL} or {DOCKER}, or leave it unset.")


def remembered(layout: Layout) -> str | None:
    """Return the name of the runtime that this copy was started with, None for one that is down."""
    try:
        return _memory(layout).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def remember(layout: Layout, name: str) -> None:
    """Write down what this copy is started with. Raises `LocalError` if it runs with another one."""
    known = remembered(layout)
    if known not in {None, name}:
        raise LocalError(f"{layout.home} is up with RUNTIME={known}; stop it first with: make down")
    write_whole(_memory(layout), name + "\n")


def forget(layout: Layout) -> None:
    """The copy is down."""
    _memory(layout).unlink(missing_ok=True)


def _memory(layout: Layout) -> Path:
    return layout.supervisor / "runtime"
