"""Puts rendered files where Asterisk reads them: each file whole or not at all, and only those that changed.

Knows directories, modes and owners; must never know what stands in a file.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from config.layout import Layout
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan.render import Secrets, render

PRIVATE = frozenset({"ari.conf", "manager.conf", "pjsip_agents.conf", "pjsip_trunks.conf"})
"""Files that hold passwords or digests: readable by Asterisk's user alone."""

Owner = tuple[int, int]
"""User and group id that Asterisk runs as, as numbers of its own root."""


def write(
    centre: Centre,
    roster: Sequence[Agent],
    settings: Settings,
    secrets: Secrets,
    owner: Owner | None = None,
) -> frozenset[str]:
    """Render and write every file below ``<home>/asterisk/etc``; return the names of those that changed.

    Makes the directories that Asterisk writes in. *owner* ``None`` leaves everything to the present user.
    Raises OSError when the disk refuses.
    """
    make_directories(settings.layout, owner)
    return write_files(settings.layout.asterisk_etc, render(centre, roster, settings, secrets), owner)


def make_directories(layout: Layout, owner: Owner | None) -> None:
    """Make every directory that Asterisk needs; those for calls are closed to everybody else."""
    own = layout.asterisk
    writable = (own / "lib" / "keys", own / "log", own / "run", own / "spool" / "recording")
    for directory in (own / "etc", layout.asterisk_tls, *writable, layout.recordings):
        directory.mkdir(parents=True, exist_ok=True)
    for directory in (
        *writable,
        own,
        own / "etc",
        layout.asterisk_tls,
        own / "lib",
        own / "spool",
        layout.recordings,
    ):
        directory.chmod(0o750)
        _give(directory, owner)


def write_files(directory: Path, files: Mapping[str, str], owner: Owner | None) -> frozenset[str]:
    """Write *files* into *directory* and remove rendered files that are no more; return changed names."""
    gone = {path.name for path in directory.glob("*.conf")} - files.keys()
    for name in gone:
        (directory / name).unlink()
    changed = {name for name, text in files.items() if _differs(directory / name, text)}
    for name in changed:
        _replace(directory / name, files[name], 0o600 if name in PRIVATE else 0o640, owner)
    return frozenset(changed | gone)


def live_files(directory: Path) -> dict[str, str]:
    """Return what Asterisk reads now, file name → text. Raises OSError."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.conf"))}


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") != text
    except FileNotFoundError:
        return True


def _replace(path: Path, text: str, mode: int, owner: Owner | None) -> None:
    """Write beside *path* and rename over it: Asterisk never reads half a file."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as beside:
        written = Path(beside.name)
        try:
            beside.write(text)
            beside.flush()
            os.fsync(beside.fileno())
            written.chmod(mode)
            _give(written, owner)
            written.replace(path)
        except OSError:
            written.unlink()
            raise


def _give(path: Path, owner: Owner | None) -> None:
    if owner is not None:
        os.chown(path, *owner)
