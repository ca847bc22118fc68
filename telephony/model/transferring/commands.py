"""What is to be done for a transfer, in the imperative."""

from dataclasses import dataclass

from telephony.model.commands import CallCommand
from telephony.model.ids import OfferId


@dataclass(frozen=True, slots=True)
class TakeFromOperator(CallCommand):
    """Take the caller out of the talk, which ends the operator's leg; ``CallerTransferred`` follows."""


@dataclass(frozen=True, slots=True)
class CallReferral(CallCommand):
    """Continue the caller to where ``Dial()`` rings *number* (E.164) through *trunk* for *ring_s* seconds.

    *offer* marks what comes of it as it does for an operator; *shown* (E.164) is the caller id.
    """

    offer: OfferId
    number: str
    trunk: str
    shown: str
    ring_s: int
