"""What the delivery needs from the house, as protocols; ``madoguchi`` plugs the real parts in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from booking.delivery.change import Change
from storage import Connection


@dataclass(frozen=True, slots=True)
class Refusal:
    """The city's system said no. *reason* is its own text, on one line."""

    change: Change
    reason: str
    at: datetime


class Cases(Protocol):
    """Opens a case for somebody to look after."""

    async def open(self, connection: Connection, refusal: Refusal) -> str:
        """Open one in the transaction of *connection* and return its number."""
        ...


class Notices(Protocol):
    """Tells people at their desks."""

    def tell(self, user: str, level: str, code: str, text: str) -> bool:
        """Tell *user*; return False when that person has no desk open. Never blocks."""
        ...


class Carrier(Protocol):
    """One way to the city's system."""

    async def carry(self) -> int:
        """Carry over what is due; return how many changes were settled. Raises ``storage.PASSING``."""
        ...
