"""What a backup says about itself: what made it, which rows and files it holds, their checksums.

A backup is a folder: ``manifest.json`` and its checksum, ``database/`` (one file a table), ``home/`` (files
of the centre's home, at the same places) and ``configuration/`` (what operations staff edit).
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from madoguchi.keeping.errors import BackupError
from madoguchi.local.files import write_whole
from storage.dump import Dump, DumpedTable

FORMAT: Literal["madoguchi-backup-1"] = "madoguchi-backup-1"
DATABASE, HOME, CONFIGURATION = "database", "home", "configuration"
_PRIVATE = 0o600
_BLOCK = 1 << 20


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptFile(_Shape):
    """One file of the backup."""

    sha256: str
    bytes: int


class KeptTable(_Shape):
    """One table: its columns in the order of its file, and how many rows it has."""

    columns: tuple[str, ...]
    rows: int


class Manifest(_Shape):
    """The whole file. *version* is Madoguchi's; *files* are paths below the backup's folder."""

    format: Literal["madoguchi-backup-1"]
    version: str
    made_at: datetime
    postgres: str
    migrations: tuple[tuple[int, str], ...]
    tables: Mapping[str, KeptTable]
    sequences: Mapping[str, int]
    files: Mapping[str, KeptFile]

    @property
    def dump(self) -> Dump:
        """What the database held."""
        tables = (DumpedTable(name, table.columns, table.rows) for name, table in self.tables.items())
        return Dump(self.postgres, self.migrations, tuple(tables), self.sequences)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables together."""
        return sum(table.rows for table in self.tables.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and its checksum: the last thing that is done to a backup."""
    text = manifest.model_dump_json(indent=1) + "\n"
    write_whole(folder / "manifest.json", text, _PRIVATE)
    write_whole(folder / "manifest.sha256", hashlib.sha256(text.encode()).hexdigest() + "\n", _PRIVATE)


def read(folder: Path) -> Manifest:
    """Return what the backup in *folder* says about itself. Raises `BackupError`."""
    try:
        text = (folder / "manifest.json").read_text(encoding="utf-8")
        told = (folder / "manifest.sha256").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise BackupError(f"{folder} is not a backup of Madoguchi: it has no manifest.") from None
    except (OSError, ValueError) as error:
        raise BackupError(
            f"The manifest in {folder} cannot be read ({error}); use another backup."
        ) from error
    if hashlib.sha256(text.encode()).hexdigest() != told:
        raise BackupError(f"The manifest in {folder} was damaged or changed; use another backup.")
    try:
        return Manifest.model_validate_json(text)
    except ValidationError:
        raise BackupError(
            f"{folder} was made by a version of Madoguchi whose backups this one cannot read; use that one."
        ) from None


def require_whole(folder: Path, manifest: Manifest) -> None:
    """Raise `BackupError` for the first file that is missing, or is not what it was. Reads every file."""
    for name, kept in manifest.files.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise BackupError(
                f"The backup names {name!r}, which lies outside of it; it is not to be trusted."
            )
        try:
            found = checksum(file)
        except OSError as error:
            raise BackupError(
                f"{name} is missing from the backup ({error.strerror}); use another one."
            ) from error
        if found != kept.sha256:
            raise BackupError(f"{name} was damaged or changed since the backup was made; use another one.")


def checksum(file: Path) -> str:
    """Return SHA-256 of *file*, hexadecimal. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def make_folder(folder: Path) -> None:
    """Make *folder* and those above it, for their owner only (``parents=True`` forgets the mode of those)."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700)


def copy(source: Path, target: Path) -> KeptFile:
    """Copy *source*, as much of it as there is at the moment, and return what was copied. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    make_folder(target.parent)
    with source.open("rb") as reading, target.open("xb") as writing:
        target.chmod(_PRIVATE)
        while block := reading.read(_BLOCK):
            writing.write(block)
            digest.update(block)
            size += len(block)
    return KeptFile(sha256=digest.hexdigest(), bytes=size)
