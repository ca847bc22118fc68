"""How an offer is written into the dialplan's extension: ``<extension>*<ring seconds>*<offer>*<r|n>``.

The context ``[offer]`` takes it apart with ``CUT()``. While Asterisk dials, it is the caller's leg's
extension, so every ``Dial`` event says which offer it is about, also to a controller that has just started.
"""

from dataclasses import dataclass

from telephony.model.commands import Offer
from telephony.model.ids import OfferId

CONTEXT = "offer"
_PARTS = 4


def write(offer: Offer) -> str:
    """Return the extension for *offer*."""
    return f"{offer.extension}*{offer.ring_s}*{offer.offer}*{'r' if offer.record else 'n'}"


@dataclass(frozen=True, slots=True)
class Written:
    """What an offer's extension says: whose phone rings, and for which offer."""

    extension: str
    offer: OfferId


def read(context: str, extension: str) -> OfferId | None:
    """Return which offer a leg is in, or None for a leg that is somewhere else."""
    written = read_whole(context, extension)
    return None if written is None else written.offer


def read_whole(context: str, extension: str) -> Written | None:
    """Return everything the extension says, or None for a leg that is somewhere else."""
    parts = extension.split("*")
    if context != CONTEXT or len(parts) != _PARTS:
        return None
    return Written(parts[0], OfferId(parts[2]))
