"""How far a change is on its way to the city's system."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """*sent*: in a file, the city's reply is awaited. The last two are decisions of a person."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    DONE_BY_HAND = "done-by-hand"
    SKIPPED = "skipped"
