"""What happens to a transfer, in the past tense."""

from dataclasses import dataclass

from telephony.model.events import CallEvent
from telephony.model.ids import OfferId
from telephony.model.transferring.target import Target


@dataclass(frozen=True, slots=True)
class TransferRequested(CallEvent):
    """Somebody at a screen (*by*: ``agent`` or ``supervisor``) sends a call that is talked on to *target*."""

    target: Target
    by: str


@dataclass(frozen=True, slots=True)
class CallerTransferred(CallEvent):
    """The caller has left the operator of *offer* and is in our hands.

    *dialled* are the digits that the operator's phone asked for (SIP REFER), None when it was a screen.
    """

    offer: OfferId
    dialled: str | None
