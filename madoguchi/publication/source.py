"""What operations staff write: ``centre.toml`` and their own dialplan, as text."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from config.loading import parse_centre
from config.schema import Centre
from config.settings import Settings
from dialplan import Custom, differences, read_custom


@dataclass(frozen=True, slots=True)
class Source:
    """The two, as they were at one moment. *custom*: file name → text."""

    centre: str
    custom: Custom = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A name for the content: equal texts have equal ones."""
        return hashlib.sha256(orjson.dumps([self.centre, sorted(self.custom.items())])).hexdigest()

    def plan(self, settings: Settings) -> Centre:
        """Return the centre. Raises `ConfigError`, whose sentences name the file of this copy."""
        return parse_centre(self.centre, settings.centre_file)


def between(before: Source, after: Source) -> dict[str, str]:
    """Return file name → unified diff of what was edited between the two."""
    return differences(
        {"centre.toml": before.centre, **before.custom}, {"centre.toml": after.centre, **after.custom}
    )


def edited_at(settings: Settings) -> float:
    """Return when somebody last touched the files that people edit, epoch seconds. Raises OSError."""
    folder = settings.custom_folder
    touched = [settings.centre_file, *([folder, *folder.glob("*.conf")] if folder.exists() else [])]
    return max(file.stat().st_mtime for file in touched)


def write_back(settings: Settings, source: Source) -> None:
    """Put *source* into the files that people edit, each whole or not at all. Raises OSError."""
    folder = settings.custom_folder
    for file in folder.glob("*.conf"):
        if file.name not in source.custom:
            file.unlink()
    _replace(settings.centre_file, source.centre)
    for name, text in source.custom.items():
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / name, text)


def _replace(file: Path, text: str) -> None:
    """Replace *file*, which keeps its owner and its rights."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    if file.exists():
        there = file.stat()
        beside.chmod(there.st_mode & 0o7777)
        os.chown(beside, there.st_uid, there.st_gid)
    beside.replace(file)


def edited(settings: Settings) -> Source:
    """Return what stands in the files that people edit. Raises OSError, UnicodeError, `UnreadableCustom`."""
    return Source(settings.centre_file.read_text(encoding="utf-8"), read_custom(settings.custom_folder))
