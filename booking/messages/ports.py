"""What sends messages, as a protocol."""

from dataclasses import dataclass
from typing import Protocol

from booking.messages.message import Message
from booking.outgoing.answers import Later, Refused, Taken


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have gone out, or not. Nobody wants the same message twice, so it is not sent again."""

    reason: str


Sent = Taken | Refused | Later | Unclear


class Sink(Protocol):
    """One way out."""

    @property
    def repeatable(self) -> bool:
        """Whether sending the same message again has no second effect."""
        ...

    async def send(self, message: Message) -> Sent:
        """Send *message*. Never raises for what the other side does."""
        ...
