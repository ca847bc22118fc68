"""Those who are in the centre while it is struck: operators who talk, and callers who stand in line."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import stamina

from madoguchi.demo.phones import Account, Answer, Call, Carrier, EndedBy, Phone, Ring
from madoguchi.demo.running import operators, sip_address
from tests.acceptance.chaos.ears import Ears
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Office

TALKER, WAITER = "0908000", "0909000"
"""The first digits of their numbers."""

LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in line."""

    caller: str
    since: str


class Crowd:
    """As many callers who talk and who wait as there are operators; all of these talk."""

    def __init__(self, copy: Copy, office: Office, ears: Ears, size: int) -> None:
        self._copy, self._office, self._ears = copy, office, ears
        self._carrier = Carrier(sip_address(copy.running))
        self._seats = operators(copy.running)[:size]
        self.phones: dict[str, Phone] = {}
        self.talking: list[Call] = []
        self.waiting: list[Call] = []
        self.released: set[str] = set()
        self._out_of_line = 0
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(self._seat(seat["name"]) for seat in self._seats))
        for number in range(len(self._seats)):
            self.talking.append(self._call(f"{TALKER}{number:04}"))
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*(self._first_ring(phone) for phone in self.phones.values()))
        for number in range(len(self._seats)):
            call = self._call(f"{WAITER}{number:04}")
            self._ears.attend(call)
            self.waiting.append(call)
            await asyncio.sleep(0.05)  # the place in line is that of the arrival
        if len(await self.places()) != len(self._seats):
            raise RuntimeError("not everybody who is to wait came to stand in line")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for seat in self._seats:
            await self._office.set_state(seat["name"], "logged-out")
        async with asyncio.timeout(LIMIT_S):
            await self._carrier.close()
            await asyncio.gather(*(ring.over.wait() for ring in self.rings))
        for phone in self.phones.values():
            await phone.unregister()
            phone.close()

    @property
    def calls(self) -> list[Call]:
        """Everybody's calls."""
        return [*self.talking, *self.waiting]

    @property
    def rings(self) -> list[Ring]:
        """Everything that rang at an operator's."""
        return [ring for phone in self.phones.values() for ring in phone.rings]

    async def places(self) -> Sequence[Place]:
        """Return the line of this crowd, first come first, once all whom nobody serves stand in it.

        Who does not come to stand there in `LIMIT_S` is missing from what is returned, once and for all.
        """
        standing: list[Any] = []
        try:
            async for attempt in stamina.retry_context(
                on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.1, wait_max=0.3
            ):
                with attempt:
                    standing = [call for call in await self._office.live() if _waits(call)]
                    assert len(standing) >= len(self.waiting) - self._out_of_line
        except AssertionError:
            self._out_of_line = len(self.waiting) - len(standing)
        found = [Place(_national(call["caller"]), str(call["waiting_since"])) for call in standing]
        # Who came in the same millisecond may stand either way, to whoever looks from outside.
        return sorted(found, key=lambda place: (place.since, place.caller))

    async def serve(self, count: int) -> list[str]:
        """Let one operator take *count* callers one after the other; return whom."""
        served: list[str] = []
        phone = next((phone for phone in self.phones.values() if self._talks_with(phone)), None)
        while phone is not None and len(served) < count:
            talker = self._talks_with(phone)
            if talker is None:
                break  # somebody came out of turn; the judge will say so
            phone.rings[-1].hang_up()
            self.released.add(talker.call_id)
            try:
                async with asyncio.timeout(LIMIT_S):
                    ring = await phone.next_ring()
                    await ring.answered.wait()
            except TimeoutError:
                rings = [(each.caller, each.times) for each in phone.rings[-3:]]
                raise RuntimeError(
                    f"{phone.extension} took nobody in {LIMIT_S} s after {len(served)}: {rings}"
                ) from None
            if (taken := self._talks_with(phone)) is not None:
                self._ears.leave(taken)
                self._out_of_line += 1
            served.append(_national(ring.caller))
        return served

    def die(self) -> None:
        """Asterisk died: nobody will ever tell these telephones."""
        for leg in (*self.calls, *self.rings):
            leg.ended(time.time(), EndedBy.THEM)
        self.released |= {call.call_id for call in self.calls}

    def _talks_with(self, phone: Phone) -> Call | None:
        """Return whom of the crowd *phone* talks with."""
        if not phone.rings or phone.rings[-1].over.is_set():
            return None
        sought = f"sip:{_national(phone.rings[-1].caller)}@"
        return next((call for call in self.calls if sought in call.invite.get("From")), None)

    async def _seat(self, name: str) -> None:
        account = next(seat for seat in self._seats if seat["name"] == name)
        phone = Phone(
            Account(account["extension"], account["sip_password"]),
            sip_address(self._copy.running),
            behave=lambda _: Answer(after_s=0.05, talk_s=None),
        )
        self.phones[name] = phone
        await phone.register()
        await self._office.knows_phone(name)
        await self._office.set_state(name, "ready")

    async def _first_ring(self, phone: Phone) -> None:
        ring = await phone.next_ring()
        await ring.answered.wait()

    def _call(self, number: str) -> Call:
        return self._carrier.call(self._copy.running["trunk"]["number"], caller=number)


def _waits(call: Any) -> bool:
    return call["state"] == "waiting" and _national(call["caller"]).startswith(WAITER)


def _national(caller: object) -> str:
    return str(caller).replace("+81", "0")
