"""Follows what all processes print."""

from typing import NoReturn

from config.settings import Settings
from madoguchi.local.runtime import runtime_of


def follow_logs(settings: Settings | None = None) -> NoReturn:
    """Become what follows every log until interrupted. Raises `LocalError` when there is none."""
    runtime_of(settings or Settings.from_environment()).follow_logs()
