"""What this machine must offer before anything is installed or started."""

import os
import platform
import shutil
from pathlib import Path

from madoguchi.local.errors import LocalError

_MB = 1_000_000


def require_root() -> None:
    """Raise `LocalError` unless we are root: only root can make and enter Asterisk's own root directory."""
    if os.geteuid() != 0:
        raise LocalError("Asterisk can only be set up and started as root; run the same command with sudo.")


def require_debian(os_release: Path = Path("/etc/os-release")) -> None:
    """Raise `LocalError` on anything but Debian or a relative of it: nothing could be installed."""
    text = os_release.read_text(encoding="utf-8") if os_release.exists() else ""
    named = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    family = f"{named.get('ID', '')} {named.get('ID_LIKE', '')}".replace('"', "").split()
    if "debian" not in family:
        name = named.get("PRETTY_NAME", platform.platform()).strip('"')
        raise LocalError(f"This is {name}, but the set-up installs Debian packages; use Debian 12 or newer.")


def require_space(directory: Path, megabytes: int, purpose: str) -> None:
    """Raise `LocalError` unless *megabytes* are free where *directory* is or will be."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    free = shutil.disk_usage(existing).free // _MB
    if free < megabytes:
        raise LocalError(
            f"{purpose} needs {megabytes} MB below {directory}, but only {free} MB are free there; "
            "free some space and run this again."
        )
