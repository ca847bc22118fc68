"""Carries out what only supervisors need: their leg, who hears whom, and the takeover (ADR 21).

The leg is continued into ``[supervise]`` under ``<mode>*<whom>``, and sent to another mode there by AMI
Redirect: neither the caller's leg nor the operator's is touched, except in a takeover. That a caller waits
with music during a consultation (``5*<operator's leg>*<caller's leg>``) the dialplan begins and ends alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from config.layout import ASTERISK_VIEW
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Conflict, NotFound, Refused, Unavailable
from telephony.asterisk.manager import Manager
from telephony.asterisk.phone_legs import PhoneLegs
from telephony.model.ids import CallId, LegId
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.supervision.session import Mode
from telephony.ports import SwitchError

PURPOSE = "supervision"
"""What ``Stasis`` is told of a leg of ours."""

CONTEXT = "supervise"
MODES = {Mode.LISTEN: "1", Mode.WHISPER: "2", Mode.BARGE: "3", Mode.TAKEOVER: "4", Mode.CONSULT: "5"}
"""How a mode is written in the extension; letters would be patterns there."""

_BY_DIGIT = {digit: mode for mode, digit in MODES.items()}

BRIDGING_LIMIT_S = 2.0
"""``Bridge()`` moves a caller within milliseconds."""

LOOK_AGAIN_S = 0.02
"""Asterisk tells whoever follows a leg nothing of its bridges, so it is asked."""

RECORDINGS = ASTERISK_VIEW / "recordings"
_LET_GO = 16


def read(context: str, extension: str) -> Mode | None:
    """Return the mode that a leg is in by its place in the dialplan, or None for one that is elsewhere."""
    return _BY_DIGIT.get(extension.partition("*")[0]) if context == CONTEXT else None


class SupervisorLegs:
    """*operators_leg* and *callers_leg* find the two who talk on a call, `SwitchError` if nobody does."""

    def __init__(
        self,
        ari: Ari,
        manager: Manager,
        phones: PhoneLegs,
        operators_leg: Callable[[CallId], Awaitable[LegId]],
        callers_leg: Callable[[CallId], Awaitable[LegId]],
    ) -> None:
        self._ari, self._manager, self._phones = ari, manager, phones
        self._operators_leg, self._callers_leg = operators_leg, callers_leg

    async def call_supervisor(self, command: CallSupervisor) -> None:
        """Make the leg and let it ring; or raise `SwitchError`."""
        await self._phones.ring(command.leg, command.extension, command.ring_s, PURPOSE, {})

    async def hear(self, command: Hear) -> None:
        """Let the leg hear the call in this mode."""
        target = str(await self._operators_leg(command.of))
        if command.mode is Mode.CONSULT:
            target += f"*{await self._callers_leg(command.of)}"
        await self._send(command.leg, f"{MODES[command.mode]}*{target}", again=command.again)

    async def _send(self, leg: LegId, extension: str, *, again: bool) -> None:
        """Send *leg* to *extension*; without a clear answer ask whether it is there already."""
        try:
            if again:
                await self._manager.redirect(leg, CONTEXT, extension)
            else:
                await self._ari.continue_in(leg, CONTEXT, extension)
        except (Unavailable, Conflict) as error:
            channel = await self._ari.channel(leg)
            if (channel.context, channel.extension) != (CONTEXT, extension):
                raise SwitchError(f"The supervisor's leg could not be moved: {error}") from error

    async def take_over(self, command: TakeOver) -> LegId:
        """Connect the leg with the caller, let the recording go on with it, and let the operator's leg go.

        Until both are connected nothing has changed for anybody. Doing it again completes what was begun.
        """
        let_go = await self._operators_leg(command.of)
        if not await self._connected(command):
            caller = await self._ari.channel(LegId(command.of))
            # Bridge() knows a channel by its name alone.
            await self._send(command.leg, f"{MODES[Mode.TAKEOVER]}*{caller.name}", again=command.again)
            await self._until_connected(command)
        if let_go != command.leg:
            with suppress(Refused):  # nothing was recorded, or the operator hung up in this moment
                await self._manager.stop_recording(let_go)
        if command.file is not None:
            await self._go_on_recording(command.leg, command.file, muted=command.muted)
        if let_go != command.leg:
            with suppress(NotFound):
                await self._ari.hang_up(let_go, _LET_GO)
        return command.leg

    async def _connected(self, command: TakeOver) -> bool:
        both = {command.leg, LegId(command.of)}
        return any(both <= set(bridge.channels) for bridge in await self._ari.bridges())

    async def _until_connected(self, command: TakeOver) -> None:
        try:
            async with asyncio.timeout(BRIDGING_LIMIT_S):
                while not await self._connected(command):  # noqa: ASYNC110 - see LOOK_AGAIN_S
                    await asyncio.sleep(LOOK_AGAIN_S)
        except TimeoutError as error:
            raise SwitchError("The caller could not be connected with the supervisor.") from error

    async def _go_on_recording(self, leg: LegId, file: str, *, muted: bool) -> None:
        with suppress(Refused):  # a leg that is gone has said nothing
            await self._manager.start_recording(leg, str(RECORDINGS / file))
            if muted:
                await self._manager.mute_recording(leg, muted=True)
