"""What the centre's own logs say: warnings and errors of Asterisk, and tracebacks of our processes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.layout import Layout

_ASTERISK_SAYS = re.compile(r"^\[[^]]+\] (?:WARNING|ERROR)\[\d+\](?:\[[^]]+\])? (.*)")


@dataclass(frozen=True, slots=True)
class Traces:
    """The logs from one moment on."""

    layout: Layout
    began: datetime
    places: dict[Path, int]

    @classmethod
    def from_now(cls, layout: Layout) -> "Traces":
        """Look at what is written from now on."""
        logs = _logs(layout)
        return cls(layout, datetime.now(UTC), {log: log.stat().st_size for log in logs if log.exists()})

    def of_asterisk(self) -> list[str]:
        """Return Asterisk's warnings and errors, without times."""
        log, *_ = _logs(self.layout)
        return [found[1] for line in self._lines(log) if (found := _ASTERISK_SAYS.match(line))]

    def tracebacks(self) -> list[str]:
        """Return the lines that begin a traceback in the controller's and the worker's logs."""
        _, *ours = _logs(self.layout)
        return [
            f"{log.name}: {line}"
            for log in ours
            for line in self._lines(log)
            if "Traceback" in line or '"exception"' in line
        ]

    def _lines(self, log: Path) -> Iterable[str]:
        with log.open("rb") as file:
            file.seek(self.places.get(log, 0))
            return file.read().decode("utf-8", "replace").splitlines()


def _logs(layout: Layout) -> tuple[Path, Path, Path]:
    return (
        layout.asterisk / "log" / "messages.log",
        layout.logs / "controller.log",
        layout.logs / "worker.log",
    )
