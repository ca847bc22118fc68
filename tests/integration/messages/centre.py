"""A centre whose messages go where the test looks."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from booking.messages.message import Message
from booking.messages.ports import Sent
from booking.messages.sending import Sending
from booking.outgoing.answers import Taken
from booking.outgoing.surroundings import Surroundings
from config.schema.messages import Messages
from tests.integration.booking.office import CITIZEN, BookingCentre, booking_centre, booking_plan

WISH = CITIZEN | {"email": "hanako@example.jp", "consent": ["sms", "email"]}


@dataclass
class Ears:
    """A way out that keeps what it is given, and answers what the test wants."""

    heard: list[Message] = field(default_factory=list)
    answers: list[Sent | BaseException] = field(default_factory=list)
    repeatable: bool = False
    at_send: Callable[[], None] = lambda: None

    async def send(self, message: Message) -> Sent:
        self.at_send()
        self.heard.append(message)
        answer = self.answers.pop(0) if self.answers else Taken()
        if isinstance(answer, BaseException):
            raise answer
        return answer


@dataclass
class Telling:
    """The centre, its sender, and an operator."""

    booking: BookingCentre
    sending: Sending
    operator: aiohttp.ClientSession
    sms: Ears
    email: Ears
    stop: asyncio.Event

    async def slots(self) -> list[str]:
        """Return the slots that can be booked now, the earliest first."""
        answer = await self.operator.get("/api/slots", params={"service": "collection", "venue": "koseki"})
        return [slot["id"] for slot in (await answer.json())["slots"]]

    async def book(self, slot: str, **more: Any) -> dict[str, Any]:
        """Make a reservation."""
        answer = await self.operator.post("/api/reservations", json=WISH | {"slot": slot} | more)
        assert answer.status == 201, await answer.text()
        made: dict[str, Any] = await answer.json()
        return made

    async def change(self, made: dict[str, Any], **fields: Any) -> None:
        """Change it."""
        answer = await self.operator.patch(f"/api/reservations/{made['id']}", json=fields)
        assert answer.status == 200, await answer.text()

    async def cancel(self, made: dict[str, Any]) -> None:
        """Cancel it."""
        assert (await self.operator.delete(f"/api/reservations/{made['id']}")).status == 200

    def heard(self) -> list[str]:
        """Return the beginnings of the SMS since the last time."""
        said = [message.text.split("。")[0] for message in self.sms.heard]
        self.sms.heard.clear()
        return said

    async def states(self) -> list[str]:
        """Return how far the messages are."""
        rows = await self.booking.pool.fetch("SELECT state FROM citizen_messages ORDER BY id")
        return [row[0] for row in rows]


@asynccontextmanager
async def telling(database: str, home: Path, **rules: Any) -> AsyncIterator[Telling]:
    """Run one at 09:00 on a Monday; *rules* is ``[booking.messages]``."""
    async with booking_centre(database, home, booking_plan(messages=rules, return_after_s=0)) as booking:
        booking.clock.on(seconds=timedelta(hours=1).total_seconds())
        sms, email = Ears(), Ears()

        def sinks(_: Messages) -> dict[str, Ears]:
            return {"sms": sms, "email": email}

        stop = asyncio.Event()
        around = Surroundings(booking.clock, random.Random(1), stopping=stop.is_set)
        sending = Sending(booking.pool, lambda: booking.plan[-1], sinks, around)
        async with booking.running.signed_in("sato") as operator:
            yield Telling(booking, sending, operator, sms, email, stop)
