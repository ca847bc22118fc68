"""Builds the console's pages with npm, unless what was built last is still what the sources say."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from madoguchi.local import packages
from madoguchi.local.errors import LocalError
from madoguchi.local.locks import only_one
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Step, Steps

FOLDER = Path(__file__).parents[2] / "console"
OLDEST_NODE = 18
"""Debian 12's; what the build uses runs on it and on everything newer."""

_COMMANDS = {"node": "nodejs", "npm": "npm"}
"""The commands, and Debian's packages that bring them. Another source of Node.js is as good."""

_MADE = ("dist", "node_modules")


def prepare(steps: Steps, folder: Path = FOLDER) -> None:
    """Have Node.js, the libraries of the lock file, and pages that are built from these sources.

    Raises `LocalError`.
    """
    wanted = [package for command, package in _COMMANDS.items() if shutil.which(command) is None]
    packages.install(wanted, steps)
    libraries, sources = _digest([folder / "package-lock.json"]), _digest(_sources(folder))
    has_libraries, is_built = folder / "node_modules" / ".madoguchi", folder / "dist" / ".madoguchi"
    if _says(has_libraries, libraries) and _says(is_built, sources):
        return
    with (
        steps.step("Console", "its pages to be built") as step,
        only_one(folder / "node_modules.lock", lambda: step.say("another start builds them already")),
    ):
        if not _says(has_libraries, libraries):
            _check_node()
            step.say("npm fetches its libraries (some seconds)")
            _npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder, step)
            has_libraries.write_text(libraries, encoding="utf-8")
        if not _says(is_built, sources):
            step.say("bundling")
            _npm(["run", "--silent", "build"], folder, step)
            is_built.write_text(sources, encoding="utf-8")


def _sources(folder: Path) -> Iterator[Path]:
    own = (entry for entry in folder.iterdir() if entry.name not in _MADE and entry.suffix != ".lock")
    for entry in own:
        yield from entry.rglob("*") if entry.is_dir() else (entry,)


def _digest(files: Iterator[Path] | list[Path]) -> str:
    """Return what changes when one of *files* is another, has another name, or is gone."""
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _says(mark: Path, digest: str) -> bool:
    return mark.is_file() and mark.read_text(encoding="utf-8") == digest


def _check_node() -> None:
    found = run(["node", "--version"])
    major = found.removeprefix("v").partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise LocalError(
            f"The console is built with Node.js {OLDEST_NODE} or newer, but this is {found}; "
            "install Debian's nodejs, or a newer one."
        )


def _npm(arguments: list[str], folder: Path, step: Step) -> None:
    try:
        run(["npm", "--prefix", str(folder), *arguments], on_line=lambda line: step.say(line[:100]))
    except CommandFailedError as error:
        raise LocalError(
            f"The console could not be built: npm {arguments[0]} failed ({' / '.join(error.tail)}); "
            "check the network and the disk, then run this again."
        ) from error
