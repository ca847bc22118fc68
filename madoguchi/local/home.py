"""The directories of one copy: who may enter them, who owns them."""

import os
import shutil
from pathlib import Path

from config.layout import Layout


def lay_out(layout: Layout) -> None:
    """Make the directories of this copy. The home can be walked through, but only its owner can list it."""
    _make(layout.home, 0o711)
    for private in (layout.supervisor, layout.logs, layout.journal_file.parent):
        _make(private, 0o700)
    _make(layout.sounds, 0o755)


def hand_over(path: Path, owner: tuple[int, int]) -> None:
    """Let *path* and everything in it belong to *owner* (user and group id), unless it is so already."""
    if not path.exists() or (path.stat().st_uid, path.stat().st_gid) == owner:
        return
    for parent, directories, files in os.walk(path):
        for name in (*directories, *files):
            os.chown(Path(parent, name), *owner, follow_symlinks=False)
    os.chown(path, *owner)  # last, so that a walk that was broken off is taken up again


def remove(directory: Path) -> None:
    """Remove *directory* if it is there."""
    if directory.exists():
        shutil.rmtree(directory)


def _make(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
