"""Makes the legs of calls that we place: the operator's over ARI, the other in the dialplan (ADR 8, 29).

The operator's leg carries the number that may be dialled from it; ``[callback-<trunk>]`` dials no other.
It is continued under an extension that says everything else:
``<number>*<number shown>*<seconds to ring>*<offer>*<r: record|n: do not>``.
"""

from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Conflict, Unavailable
from telephony.asterisk.phone_legs import PhoneLegs
from telephony.model.commands import CallCitizen, CallOperator
from telephony.ports import SwitchError

CONTEXT = "callback-"
"""How the name of the context begins; the trunk's follows."""

NO_TRANSFER = "no-transfer"
"""A context that does not exist: a phone's transfer of a callback is refused, and both talk on."""

PURPOSE = "callback"
"""What ``Stasis`` is told of a leg of ours."""


class CallbackLegs:
    """Carries out what only callbacks and outreach calls need."""

    def __init__(self, ari: Ari, phones: PhoneLegs) -> None:
        self._ari, self._phones = ari, phones

    async def call_operator(self, command: CallOperator) -> None:
        """Make the leg and let it ring; or raise `SwitchError`."""
        variables = {
            "__MADOGUCHI_CALL": command.call,
            "__MADOGUCHI_OFFER": command.offer,
            "__MADOGUCHI_DAY": command.day,
            "TRANSFER_CONTEXT": NO_TRANSFER,
            "MADOGUCHI_CALLBACK": digits(command.number),
            "_MADOGUCHI_LEG": command.leg,
            "__MADOGUCHI_ASKED_FOR": "yes" if command.asked_for else "no",
            "CONNECTEDLINE(num,i)": digits(command.number),
        }
        await self._phones.ring(command.leg, command.extension, command.ring_s, PURPOSE, variables)

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
