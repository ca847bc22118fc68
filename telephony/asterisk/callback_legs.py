"""Makes a callback's legs: the operator's over ARI, the citizen's in the dialplan (ADR 8).

The operator's leg carries the number that may be dialled from it; ``[callback-<trunk>]`` dials no other.
It is continued under an extension that says everything else:
``<number>*<number shown>*<seconds to ring>*<offer>*<r: record|n: do not>``.
"""

import asyncio
from contextlib import suppress

from telephony.asterisk.client import Ari
from telephony.asterisk.errors import AsteriskError, Conflict, Unavailable
from telephony.asterisk.manager import Manager
from telephony.model.commands import CallCitizen, CallOperator
from telephony.model.ids import LegId
from telephony.ports import SwitchError

CONTEXT = "callback-"
"""How the name of the context begins; the trunk's follows."""

PURPOSE = "callback"
"""What ``Stasis`` is told of a leg of ours."""

ENTERING_LIMIT_S = 5.0
"""A leg enters ``Stasis`` within milliseconds of being made."""

_TAKEN_AWAY = 16


class CallbackLegs:
    """Carries out what only callbacks need."""

    def __init__(self, ari: Ari, manager: Manager) -> None:
        self._ari, self._manager = ari, manager
        self._entering: dict[LegId, asyncio.Event] = {}

    def entered(self, leg: LegId) -> None:
        """Learn that a leg that was made is in ``Stasis``: before that Asterisk refuses to dial it (409)."""
        if leg in self._entering:
            self._entering[leg].set()

    async def call_operator(self, command: CallOperator) -> None:
        """Make the leg, hear of its end wherever it is then, and let it ring; or raise `SwitchError`."""
        entered = self._entering[command.leg] = asyncio.Event()
        try:
            async with asyncio.timeout(ENTERING_LIMIT_S):
                await self._ring(command, entered)
        except (AsteriskError, TimeoutError) as error:
            await self._take_away(command.leg)
            raise SwitchError(f"The operator's phone could not be rung: {error!r}") from error
        finally:
            del self._entering[command.leg]

    async def _ring(self, command: CallOperator, entered: asyncio.Event) -> None:
        endpoint = await self._endpoint_of(command.extension)
        variables = {
            "__MADOGUCHI_CALL": command.call,
            "__MADOGUCHI_OFFER": command.offer,
            "__MADOGUCHI_DAY": command.day,
            "MADOGUCHI_CALLBACK": digits(command.number),
            "CONNECTEDLINE(num,i)": digits(command.number),
        }
        await self._make_once(command.leg, endpoint, variables)
        await self._ari.subscribe(command.leg)
        await entered.wait()
        await self._ari.dial(command.leg, command.ring_s)

    async def _make_once(self, leg: LegId, endpoint: str, variables: dict[str, str]) -> None:
        """Make it; without a clear answer ask by its id, which is ours."""
        try:
            await self._ari.create(leg, f"PJSIP/{endpoint}", PURPOSE, variables)
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

    async def call_citizen(self, command: CallCitizen) -> None:
        """Continue the operator's leg; without a clear answer ask whether it is there already."""
        context, extension = f"{CONTEXT}{command.trunk}", _extension(command)
        try:
            await self._ari.continue_in(command.leg, context, extension)
        except (Unavailable, Conflict) as error:
            channel = await self._ari.channel(command.leg)
            if (channel.context, channel.extension) != (context, extension):
                raise SwitchError(f"The citizen could not be called: {error}") from error


def digits(e164: str) -> str:
    """Return how the carrier is told a Japanese number: ``+81901234…`` → ``0901234…``."""
    return "0" + e164.removeprefix("+81") if e164.startswith("+81") else e164.lstrip("+")


def _extension(command: CallCitizen) -> str:
    number, shown = digits(command.number), digits(command.shown)
    return f"{number}*{shown}*{command.ring_s}*{command.offer}*{'r' if command.record else 'n'}"
