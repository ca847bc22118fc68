"""Looks at the processors all the time and tells the dialplan how many calls and announcements they bear."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.manager import Manager
from telephony.rescue import admission, voices
from telephony.rescue.admission import Admission
from telephony.rescue.processors import LOOK_EVERY_S, SHORT

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Bounds:
    """Keeps the dialplan informed. *unused* says what share of the processors' time was left.

    *beginning* is how many announcements there may be in calm times.
    """

    manager: Manager
    unused: Callable[[], float]
    beginning: int
    _told: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Look and tell until cancelled."""
        at_once, admitted = self.beginning, Admission()
        while True:
            await self._tell(voices.VARIABLE, str(at_once))
            await self._tell(admission.VARIABLE, str(admitted.told))
            await asyncio.sleep(LOOK_EVERY_S)
            unused, before = self.unused(), admitted
            at_once = voices.next_room(at_once, unused, self.beginning)
            asks = unused < SHORT and admitted.wants_calls
            admitted = admitted.after(unused, await self._calls() if asks else None)
            if (admitted.room is None) != (before.room is None):
                log.warning("rescue.admission", room=admitted.room, unused=round(unused, 2))

    def forget(self) -> None:
        """Tell everything again: another Asterisk knows nothing."""
        self._told.clear()

    async def _calls(self) -> int | None:
        """Return how many calls there are, None where nobody says so. Source: AMI action CoreStatus."""
        try:
            (status,) = await self.manager.ask("CoreStatus")
            return int(status["CoreCurrentCalls"])
        except (AsteriskError, KeyError, ValueError) as error:
            log.debug("rescue.calls_unknown", reason=str(error))
            return None

    async def _tell(self, variable: str, value: str) -> None:
        if self._told.get(variable) == value:
            return
        try:
            await self.manager.set_global(variable, value)
        except AsteriskError as error:
            log.debug("rescue.bound_not_told", variable=variable, reason=str(error))
        else:
            self._told[variable] = value
