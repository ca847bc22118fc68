"""``alerts.json``: open alerts and what is still to be told, so that a restart tells nobody twice.

Not in PostgreSQL: that it is away is an alert itself. A file that cannot be read is as good as none.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog

from agents.desk.alerts import Alert, Severity
from madoguchi.alerts.outbox import Event, Notice
from telephony.model.ids import Instant

PRIVATE = 0o600

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Memory:
    """All that a restart must not forget."""

    open: Sequence[Alert] = ()
    closed: Sequence[Alert] = ()
    mail: Sequence[Notice] = ()
    webhook: Sequence[Notice] = ()
    mailed: Mapping[str, tuple[float, Severity]] | None = None

    def as_bytes(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(
            {
                "open": [asdict(alert) for alert in self.open],
                "closed": [asdict(alert) for alert in self.closed],
                "mail": [asdict(notice) for notice in self.mail],
                "webhook": [asdict(notice) for notice in self.webhook],
                "mailed": dict(self.mailed or {}),
            }
        )


def read(file: Path) -> Memory:
    """Return what *file* remembers; nothing when it is not there or damaged."""
    try:
        kept = orjson.loads(file.read_bytes())
        return Memory(
            tuple(_alert(row) for row in kept["open"]),
            tuple(_alert(row) for row in kept["closed"]),
            tuple(_notice(row) for row in kept["mail"]),
            tuple(_notice(row) for row in kept["webhook"]),
            {key: (float(at), Severity(how)) for key, (at, how) in kept["mailed"].items()},
        )
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("alerts.file_unreadable", file=str(file), reason=str(error))
        return Memory()


def write(file: Path, content: bytes) -> None:
    """Write it whole or not at all. Raises OSError."""
    beside = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def _alert(row: Mapping[str, Any]) -> Alert:
    times = ("opened_at", "closed_at", "acknowledged_at")
    instants = {name: None if row[name] is None else Instant(row[name]) for name in times}
    return Alert(**{**row, **instants, "severity": Severity(row["severity"])})


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(Event(row["event"]), _alert(row["alert"]), float(row["at"]))
