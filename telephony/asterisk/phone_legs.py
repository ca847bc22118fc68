"""Makes legs to operators' own phones over ARI, under names of ours, and lets them ring (ADR 8)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from telephony.asterisk.client import Ari
from telephony.asterisk.errors import AsteriskError, Conflict, Unavailable
from telephony.asterisk.manager import Manager
from telephony.model.ids import LegId
from telephony.ports import SwitchError

ENTERING_LIMIT_S = 5.0
"""A leg enters ``Stasis`` within milliseconds of being made."""

_TAKEN_AWAY = 16


class PhoneLegs:
    """Everything that rings a phone without a caller's ``Dial()``."""

    def __init__(self, ari: Ari, manager: Manager) -> None:
        self._ari, self._manager = ari, manager
        self._entering: dict[LegId, asyncio.Event] = {}

    def entered(self, leg: LegId) -> None:
        """Learn that a leg that was made is in ``Stasis``: before that Asterisk refuses to dial it (409)."""
        if leg in self._entering:
            self._entering[leg].set()

    async def ring(
        self, leg: LegId, extension: str, ring_s: int, purpose: str, variables: Mapping[str, str]
    ) -> None:
        """Make *leg*, hear of its end wherever it is then, and let it ring; or raise `SwitchError`."""
        entered = self._entering[leg] = asyncio.Event()
        try:
            async with asyncio.timeout(ENTERING_LIMIT_S):
                endpoint = await self._endpoint_of(extension)
                await self._make_once(leg, endpoint, purpose, variables)
                await self._ari.subscribe(leg)
                await entered.wait()
                await self._ari.dial(leg, ring_s)
        except (AsteriskError, TimeoutError) as error:
            await self._take_away(leg)
            raise SwitchError(f"The phone {extension} could not be rung: {error!r}") from error
        finally:
            del self._entering[leg]

    async def _make_once(self, leg: LegId, endpoint: str, purpose: str, variables: Mapping[str, str]) -> None:
        """Make it; without a clear answer ask by its id, which is ours."""
        try:
            await self._ari.create(leg, f"PJSIP/{endpoint}", purpose, variables)
        except (Unavailable, Conflict):
            await self._ari.channel(leg)

    async def _endpoint_of(self, extension: str) -> str:
        """Return which of the two phones of *extension* registered last: the desk phone or the browser."""
        contact = await self._manager.function(f"PJSIP_AOR({extension},contact)")
        if not contact:
            raise SwitchError(f"No phone is registered for {extension}.")
        return await self._manager.function(f"PJSIP_CONTACT({contact},endpoint)")

    async def _take_away(self, leg: LegId) -> None:
        """Hang up what may have been made; what cannot be reached now is found after the next connect."""
        with suppress(AsteriskError):
            await self._ari.hang_up(leg, _TAKEN_AWAY)
