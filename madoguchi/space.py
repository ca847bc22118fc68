"""Watches the disk: when it is nearly full, recordings are given up first; calls and records go on."""

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from agents.desk.alerts import Alerts, Severity
from telephony.model.events import SpaceChanged

LOOK_EVERY_S = 5.0
_MB = 1_000_000

SCARCE_MB, ROOMY_MB = 300, 600
"""A day of records takes some 20 MB here, a minute of a recording one. Apart, so that it does not come
and go."""

log = structlog.get_logger(__name__)


def free_mb(folder: Path) -> float:
    """Return how much room is left where *folder* lies. Raises OSError."""
    return shutil.disk_usage(folder).free / _MB


class SpaceWatch:
    """Tells the model (*submit*) and the screens. *free* is the room in MB."""

    def __init__(
        self, free: Callable[[], float], submit: Callable[[SpaceChanged], None], alerts: Alerts
    ) -> None:
        self._free, self._submit, self._alerts = free, submit, alerts
        self._scarce = False

    @classmethod
    def of(cls, folder: Path, submit: Callable[[SpaceChanged], None], alerts: Alerts) -> "SpaceWatch":
        """Watch the disk on which *folder* lies."""
        return cls(partial(free_mb, folder), submit, alerts)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Look once. A disk that cannot be asked says nothing."""
        try:
            free = await asyncio.to_thread(self._free)
        except OSError as error:
            log.warning("space.unknown", reason=str(error))
            return
        scarce = free < (ROOMY_MB if self._scarce else SCARCE_MB)
        if scarce == self._scarce:
            return
        self._scarce = scarce
        log.warning("space.changed", scarce=scarce, free_mb=round(free))
        self._submit(SpaceChanged(scarce=scarce))
        if scarce:
            text = "ディスクの空きが少ないため、新しい通話を録音していません。通話と記録は続いています。"
            self._alerts.raise_alert("recordings.shed", Severity.CRITICAL, text, "recordings-shed")
        else:
            self._alerts.close("recordings.shed")
