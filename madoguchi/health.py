"""How the parts of this copy are: what is missing to take calls, and what runs (``/readyz``, ``status``)."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from config.settings import Settings
from madoguchi.hours.emergency import message_in_force
from telephony.journal import Journal
from telephony.switchboard import Switchboard

CONTROLLERS = ("controller", "standby")
"""What the supervisor calls them. Either may lead."""


@dataclass(slots=True)
class CentreHealth:
    """Fills `agents.ports.Health` for a running controller."""

    settings: Settings
    switchboard: Switchboard
    journal: Journal
    asterisk_version: str
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def missing(self) -> Sequence[str]:
        """Return one sentence for each thing without which no call can be taken."""
        missing = []
        if not self.switchboard.connected.is_set():
            missing.append("Asterisk's event stream is not connected; calls hear the waiting announcement.")
        if not self.switchboard.phones_known.is_set():
            missing.append("The operators' phones are not known yet: there is no AMI connection.")
        return missing

    async def status(self) -> Mapping[str, Any]:
        """Return what runs, since when, versions, depth of the spool, leader or standby."""
        return {
            "version": version("madoguchi"),
            "asterisk": self.asterisk_version,
            "since": self.started_at.isoformat(timespec="seconds"),
            "ready": not await self.missing(),
            "missing": await self.missing(),
            "emergency": message_in_force(self.settings.layout),
            "spool_depth": await self.journal.depth(),
            "role": "leader",
            **_who_leads(self._processes()),
            "processes": self._processes(),
        }

    def _processes(self) -> Mapping[str, int]:
        try:
            run = json.loads(self.settings.layout.run_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        processes: Mapping[str, int] = run.get("processes", {})
        return processes


def _who_leads(processes: Mapping[str, int]) -> Mapping[str, str | None]:
    """Return which of the two controllers this one is, and whether the other one stands by."""
    ours = next((name for name in CONTROLLERS if processes.get(name) == os.getpid()), None)
    other = next((name for name in CONTROLLERS if name in processes and name != ours), None)
    return {"leader": ours, "standby": other if ours else None}
