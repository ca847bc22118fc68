"""Follows what all processes print."""

import os

from config.settings import Settings
from madoguchi.local.errors import LocalError


def follow_logs(settings: Settings | None = None) -> None:
    """Become ``tail -F`` of every log until interrupted. Raises `LocalError` when there is none."""
    layout = (settings or Settings.from_environment()).layout
    found = sorted((*layout.logs.glob("*.log"), *(layout.asterisk / "log").glob("*")))
    if not found:
        raise LocalError(f"There are no logs in {layout.logs} yet; run make up first.")
    os.execv("/usr/bin/tail", ["tail", "-n", "20", "-F", *map(str, found)])  # noqa: S606 -- no shell is wanted
