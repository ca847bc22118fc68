"""The published versions on disk: a directory each, and ``current``, a link to the one in force.

The link is switched in one step, so there is always exactly one version in force, whenever the power goes.
Each version says how far it came (`State`): one that is still `State.APPLYING` after a start was broken off,
and is taken back. PostgreSQL gets a copy (`archive`); the disk is what counts.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from config.layout import Layout
from madoguchi.publication.source import Source

_CURRENT, _ENTRY, _CENTRE, _CUSTOM = "current", "version.json", "centre.toml", "custom"


class State(StrEnum):
    """How far a version came."""

    APPLYING = "applying"
    """Perhaps in force, not verified yet: taken back by whoever finds it so."""
    APPLIED = "applied"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: who published it, when and why; *before* is the one that it replaced.

    *rollback_to*: the version whose content it brings back. *reason*: why it was taken back. *changed*: the
    files of Asterisk that changed.
    """

    number: int
    state: State
    at: datetime
    by: str
    why: str
    before: int | None = None
    rollback_to: int | None = None
    changed: tuple[str, ...] = ()
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the shape of ``history --json``."""
        return {
            "version": self.number,
            "state": self.state.value,
            "at": self.at.isoformat(),
            "by": self.by,
            "why": self.why,
            "before": self.before,
            "rollback_to": self.rollback_to,
            "changed": list(self.changed),
            "reason": self.reason,
        }

    @classmethod
    def of_json(cls, content: Any) -> "Version":
        """Return what `as_json` wrote."""
        return cls(
            number=content["version"],
            state=State(content["state"]),
            at=datetime.fromisoformat(content["at"]),
            by=content["by"],
            why=content["why"],
            before=content["before"],
            rollback_to=content["rollback_to"],
            changed=tuple(content["changed"]),
            reason=content["reason"],
        )


class NoSuchVersion(Exception):
    """There is no version of this number; the message says so."""


class Versions:
    """All versions of one copy. Whoever writes holds the publication's lock."""

    def __init__(self, layout: Layout) -> None:
        self._folder = layout.publications
        self._published_plan = layout.published_plan

    def __iter__(self) -> Iterator[Version]:
        """Yield all versions, oldest first."""
        return (self.version(number) for number in self._numbers())

    @property
    def current(self) -> Version | None:
        """The version in force; None before the first start."""
        try:
            number = int((self._folder / _CURRENT).readlink().name)
        except FileNotFoundError:
            return None
        return self.version(number)

    def version(self, number: int) -> Version:
        """Return one. Raises `NoSuchVersion`."""
        try:
            return Version.of_json(orjson.loads((self._of(number) / _ENTRY).read_bytes()))
        except FileNotFoundError as error:
            raise NoSuchVersion(f"There is no version {number}.") from error

    def source(self, number: int) -> Source:
        """Return what was published as version *number*. Raises `NoSuchVersion`."""
        folder = self._of(number)
        try:
            centre = (folder / _CENTRE).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise NoSuchVersion(f"There is no version {number}.") from error
        custom = {
            file.name: file.read_text(encoding="utf-8") for file in sorted((folder / _CUSTOM).glob("*.conf"))
        }
        return Source(centre, custom)

    def next_number(self) -> int:
        """Return the number of the next version."""
        return max(self._numbers(), default=0) + 1

    def add(self, version: Version, source: Source) -> None:
        """Write a new version down, whole or not at all; it is not in force yet. Raises OSError."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        beside = self._folder / f".{version.number}"
        shutil.rmtree(beside, ignore_errors=True)
        (beside / _CUSTOM).mkdir(parents=True)
        _write(beside / _CENTRE, source.centre.encode())
        for name, text in source.custom.items():
            _write(beside / _CUSTOM / name, text.encode())
        _write(beside / _ENTRY, orjson.dumps(version.as_json()))
        beside.rename(self._of(version.number))
        _sync(self._folder)

    def switch(self, number: int) -> None:
        """Put version *number* in force, in one step. Raises OSError."""
        _link(self._folder / _CURRENT, Path(str(number)))
        link = Path(self._folder.name, _CURRENT, _CENTRE)
        if not self._published_plan.is_symlink() or self._published_plan.readlink() != link:
            _link(self._published_plan, link)

    def note(self, version: Version, state: State, reason: str | None = None) -> Version:
        """Write down how far *version* came, and return it so."""
        noted = replace(version, state=state, reason=reason)
        beside = self._of(version.number) / f".{_ENTRY}"
        _write(beside, orjson.dumps(noted.as_json()))
        beside.replace(self._of(version.number) / _ENTRY)
        return noted

    def unfinished(self) -> list[Version]:
        """Return what was broken off."""
        return [version for version in self if version.state is State.APPLYING]

    @property
    def latest(self) -> Version | None:
        """The last one that somebody tried, whatever became of it."""
        numbers = self._numbers()
        return self.version(numbers[-1]) if numbers else None

    def knows(self, source: Source) -> bool:
        """Whether *source* was published, or tried, before."""
        return any(self.source(number).digest == source.digest for number in self._numbers())

    def _of(self, number: int) -> Path:
        return self._folder / str(number)

    def _numbers(self) -> list[int]:
        if not self._folder.exists():
            return []
        return sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())


def _link(place: Path, target: Path) -> None:
    beside = place.with_name(f".{place.name}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(place)
    _sync(place.parent)


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    """Let names in *folder* last, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
