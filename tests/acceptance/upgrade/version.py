"""Another version of the programs, as operations staff get it: a folder with an environment of its own."""

import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.migrations import COMPATIBLE, read_migrations

PROJECT = Path(__file__).parents[3]
LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class Version:
    """The programs in *folder*."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter that runs them."""
        return self.folder / ".venv" / "bin" / "python"

    def take_over(self, environment: Mapping[str, str]) -> str:
        """Do what ``madoguchi upgrade`` of this version does; return what it says."""
        done = subprocess.run(
            [self.python, "-m", "madoguchi", "upgrade"],
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def runs(self, pid: int) -> bool:
        """Whether the process *pid* is one of these programs."""
        return str(self.python) in Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")


def present() -> Version:
    """Return the version under test."""
    return Version(PROJECT)


def newer(folder: Path) -> Version:
    """Make a version in *folder* with one migration more."""
    for package in _packages():
        shutil.copytree(PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "console" / "dist", folder / "console" / "dist")
    number = len(read_migrations()) + 1
    migration = folder / "storage" / "schema" / f"{number:04}_newer.sql"
    migration.write_text(f"{COMPATIBLE}\nALTER TABLE calls ADD newer text;\n")
    _environment(folder)
    return Version(folder)


def _packages() -> list[str]:
    """Return the folders that belong to the programs, as pyproject.toml names them."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return [name.rstrip("*") for name in settings["tool"]["setuptools"]["packages"]["find"]["include"]]


def _environment(folder: Path) -> None:
    """Make an environment that has this folder's packages, and the libraries of ours."""
    environment = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    found = next(environment.glob("lib/python*/site-packages"))
    (found / "here.pth").write_text(f"{folder}\n{sysconfig.get_path('purelib')}\n")
