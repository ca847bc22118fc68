"""What is still there after everybody has gone: it must be nothing."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.layout import Layout


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Asterisk's own counts."""

    channels: int
    bridges: int


NOTHING = Leftovers(0, 0)


def leftovers(cli: Sequence[str]) -> Leftovers:
    """Ask the Asterisk behind *cli* (``run.json``: asterisk.cli)."""
    found = re.search(r"(\d+) active channels?", _ask(cli, "core show channels count"))
    _, *bridges = _ask(cli, "bridge show all").splitlines()  # the first line is the heading
    return Leftovers(int(found[1]) if found else -1, sum(bool(line.strip()) for line in bridges))


def stray_recordings(layout: Layout, records: Iterable[Mapping[str, Any]]) -> set[str]:
    """Sound files that belong to no record."""
    written = {str(path.relative_to(layout.recordings)) for path in layout.recordings.rglob("*.wav")}
    unfinished = {
        path.name for path in (layout.asterisk / "spool" / "recording").rglob("*") if path.is_file()
    }
    return (written - {record["recording"]["file"] for record in records if record["recording"]}) | unfinished


def _ask(cli: Sequence[str], command: str) -> str:
    return subprocess.run([*cli, command], check=True, capture_output=True, text=True).stdout
