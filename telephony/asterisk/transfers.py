"""Carries out what only transfers need (ADR 24): take a caller from an operator, ring a place outside.

A caller in ``Dial()`` is sent to ``[transfer]`` by AMI Redirect, which ends the operator's leg. A place of
the referral list is rung in ``[referral-<trunk>]``, whose extensions are that list and nothing else, under
``<number>*<number shown>*<seconds to ring>*<offer>``.
"""

from telephony.asterisk.callback_legs import digits
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Conflict, Refused, Unavailable
from telephony.asterisk.manager import Manager
from telephony.model.ids import LegId, OfferId
from telephony.model.transferring.commands import CallReferral, TakeFromOperator
from telephony.ports import SwitchError

CONTEXT = "transfer"
PURPOSE = "transfer"
"""The context, and what ``Stasis`` is told of a caller who comes from there."""

FROM_SCREEN = "0"
"""The extension for a transfer that was asked for at a screen. No operator's extension is that short."""

REFERRAL = "referral-"
"""How the name of the context for places outside begins; the trunk's follows."""

_PARTS = 4


def dialled(extension: str) -> str | None:
    """Return the digits that a phone transferred to, None when it was a screen."""
    return None if extension in {"", FROM_SCREEN} else extension


def read(context: str, extension: str) -> OfferId | None:
    """Return which offer a caller is in who is at a place outside, or None for a leg that is elsewhere."""
    parts = extension.split("*")
    return OfferId(parts[3]) if context.startswith(REFERRAL) and len(parts) == _PARTS else None


class Transfers:
    """Carries out what only transfers need."""

    def __init__(self, ari: Ari, manager: Manager) -> None:
        self._ari, self._manager = ari, manager

    async def take_from_operator(self, command: TakeFromOperator) -> None:
        """Redirect the caller's leg; without a clear answer ask whether it is there already."""
        leg = LegId(command.call)
        try:
            await self._manager.redirect(leg, CONTEXT, FROM_SCREEN)
        except Refused as error:  # the caller is just leaving, or they could not be moved: both talk on
            raise SwitchError(f"The caller could not be taken from the operator: {error}") from error
        except Unavailable as error:
            if (await self._ari.channel(leg)).context != CONTEXT:
                raise SwitchError(f"The caller could not be taken from the operator: {error}") from error

    async def call_referral(self, command: CallReferral) -> None:
        """Send the caller there; without a clear answer ask whether the leg is there already."""
        leg, extension = LegId(command.call), _extension(command)
        try:
            await self._ari.continue_in(leg, f"{REFERRAL}{command.trunk}", extension)
        except (Unavailable, Conflict):
            channel = await self._ari.channel(leg)
            if read(channel.context, channel.extension) != command.offer:
                raise


def _extension(command: CallReferral) -> str:
    return f"{digits(command.number)}*{digits(command.shown)}*{command.ring_s}*{command.offer}"
