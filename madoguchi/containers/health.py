"""``python -m madoguchi.containers.health NAME``: whether this program works; exit status.

It loads as little as it can: the engine asks every ten seconds.
"""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from config.settings import Settings
from madoguchi.local import processes

_PATIENCE_S = 4
_STOPPED = frozenset("TtZX")
"""States of proc(5) in which a process does nothing, and never will by itself."""


def healthy(name: str, settings: Settings) -> bool:
    """Return whether *name* is alive; one of the two controllers must answer, whichever leads."""
    process = processes.read(settings.layout.supervisor, name)
    if process is None or not process.alive or _state(process.pid) in _STOPPED:
        return False
    return name not in {"controller", "standby"} or _answers(settings.http_port)


def _state(pid: int) -> str:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return stat.rpartition(")")[2].split()[0]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=_PATIENCE_S):
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if healthy(sys.argv[1], Settings.from_environment()) else 1)
