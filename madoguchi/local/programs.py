"""The programs that make up one running copy, as data: what to run, in which order, how to stop it."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from madoguchi.local import asterisk_root

_ASTERISK = Path(__file__).with_name("asterisk.sh")


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised program. Lower *rank* starts earlier and stops later."""

    name: str
    argv: Sequence[str]
    rank: int
    stop_signal: str = "TERM"
    patience_s: int = 10
    """How long it may take to stop before it is killed."""
    ready_url: str | None = None
    """Answers 200 when the program is ready; without one it is ready once it runs."""
    ahead: bool = False
    """Gets a processor before the others: it does little, and everybody waits for it."""
    standby_file: Path | None = None
    """Holds its process id while it waits for another controller to end: then it is ready, too."""


def postgres(argv: Sequence[str]) -> Program:
    """Return the database server; SIGINT is its fast shutdown, which does not wait for clients."""
    return Program("postgres", argv, rank=100, stop_signal="INT", patience_s=30)


def asterisk(home: Path, root: Path) -> Program:
    """Return Asterisk in its own root."""
    return Program("asterisk", [*_asterisk_argv(home, root), "-f"], rank=200)


def services(
    http_url: str, *, standby: bool = False, standby_file: Path | None = None
) -> tuple[Program, ...]:
    """Return our own processes: the rescue, the controller, which serves *http_url*, and the worker.

    With *standby* there is a second controller, which waits until it can lead.
    """
    module = [sys.executable, "-m", "madoguchi"]
    second = (Program("standby", [*module, "controller"], rank=350, ahead=True),) if standby else ()
    return (
        Program("rescue", [*module, "rescue"], rank=250, ahead=True),
        Program(
            "controller",
            [*module, "controller"],
            rank=300,
            ahead=True,
            ready_url=f"{http_url}/readyz",
            standby_file=standby_file,
        ),
        *second,
        Program("worker", [*module, "worker"], rank=400),
    )


def asterisk_cli(home: Path, root: Path) -> list[str]:
    """Return the command to which one line for Asterisk's own command line is added.

    It enters the root by itself, so it stays valid when Asterisk restarts.
    """
    return [*_asterisk_argv(home, root), "-rx"]


def environment(
    settings: Settings, database_url: str, base: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return what every program finds in its environment: *settings* with absolute paths."""
    return {
        **base,
        "MADOGUCHI_HOME": str(settings.home),
        "MADOGUCHI_CONFIG": str(settings.centre_file),
        "MADOGUCHI_DIALPLAN": str(settings.custom_folder),
        "MADOGUCHI_SIP_PORT": str(settings.sip_port),
        "MADOGUCHI_HTTP_PORT": str(settings.http_port),
        "MADOGUCHI_ASTERISK_HTTP_PORT": str(settings.asterisk_http_port),
        "MADOGUCHI_AMI_PORT": str(settings.ami_port),
        "MADOGUCHI_STANDBY": str(int(settings.standby)),
        "DATABASE_URL": database_url,
        "PYTHONUNBUFFERED": "1",
    }


def _asterisk_argv(home: Path, root: Path) -> list[str]:
    return ["sh", str(_ASTERISK), str(home), str(root), asterisk_root.USER]
