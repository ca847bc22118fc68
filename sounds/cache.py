"""Finished sounds by content: the same words in the same voice are rendered once per machine.

The cache lies outside the checkout and may be deleted at any time. It knows nothing of prompts.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

_FILE_MODE = 0o644
_FOLDER_MODE = 0o755
"""Asterisk reads the published files as its own user."""


def default_cache() -> Path:
    """Return where the machine's user keeps rendered sounds."""
    return Path.home() / ".cache" / "madoguchi" / "sounds"


@dataclass(frozen=True, slots=True)
class SoundCache:
    """One folder of sounds, ``ab/abcd….sln16`` and ``.wav``. Several processes may share it."""

    root: Path

    def path(self, key: str, form: str) -> Path:
        """Return where *key* lies, there or not."""
        return self.root / key[:2] / f"{key}.{form}"

    def holds(self, key: str, forms: tuple[str, ...]) -> bool:
        """Say whether every form of *key* is there. An empty file is what a power cut leaves behind."""
        return all(_filled(self.path(key, form)) for form in forms)

    def keep(self, key: str, contents: dict[str, bytes]) -> None:
        """Write each form of *key*, whole or not at all. Raises OSError."""
        for form, content in contents.items():
            target = self.path(key, form)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(target, content)


def _filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _write_whole(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        scratch.chmod(_FILE_MODE)
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def open_folder(folder: Path) -> None:
    """Make *folder*, readable for Asterisk."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)


def publish(source: Path, target: Path) -> bool:
    """Make *target* the same file as *source*: a hard link, or a copy on another disk.

    A call that plays the old *target* hears it to its end. Returns whether anything had to be done.
    """
    if _same(source, target):
        return False
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    try:
        try:
            os.link(source, scratch)
        except OSError:
            shutil.copy2(source, scratch)
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
    return True


def _same(source: Path, target: Path) -> bool:
    try:
        there, wanted = target.stat(), source.stat()
    except FileNotFoundError:
        return False
    linked = (there.st_dev, there.st_ino) == (wanted.st_dev, wanted.st_ino)
    return linked or (there.st_size, there.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns)
