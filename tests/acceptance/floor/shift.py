"""One test's shift: the carrier, operators with phones and screens, and the office."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from madoguchi.demo.phones import Account, Behaviour, Call, Carrier, Phone, Ring, RingOut
from madoguchi.demo.running import password_of, sip_address
from tests.acceptance.copy import Copy
from tests.acceptance.floor.desk import Desk
from tests.acceptance.floor.office import Office

LIMIT_S = 20.0
"""No step of a call takes longer than this; a test that waits longer has failed."""


async def within(event: asyncio.Event, limit_s: float = LIMIT_S) -> None:
    """Wait for *event*."""
    async with asyncio.timeout(limit_s):
        await event.wait()


class Shift:
    """Use as a context. `seat` brings an operator in, ready; nobody else is ready."""

    def __init__(self, copy: Copy) -> None:
        self.running = copy.running
        self.sip = sip_address(self.running)
        self.carrier = Carrier(self.sip)
        self.office = Office(copy)
        self.phones: dict[str, Phone] = {}
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._exit.enter_async_context(self.office)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # First nobody is free any more: who still waits must not ring at phones that are being put away.
        async with self._exit:
            for name in self.phones:
                await self.office.set_state(name, "logged-out")
            async with asyncio.timeout(LIMIT_S):
                await self.carrier.close()
            for phone in self.phones.values():
                await _put_away(phone)

    async def seat(self, name: str, behave: Callable[[Ring], Behaviour] = lambda _: RingOut()) -> Desk:
        """Bring *name* to their phone and screen, ready for calls."""
        await self.plug_in(name, behave)
        desk = await self._exit.enter_async_context(
            Desk(self.running["http"], name, password_of(self.running, name))
        )
        await desk.send(type="state", state="ready")
        # Whoever waits is offered in the same moment; the screen then shows only that.
        await desk.until_state("ready", "offered")
        return desk

    async def plug_in(self, name: str, behave: Callable[[Ring], Behaviour] = lambda _: RingOut()) -> Phone:
        """Register *name*'s phone and wait until the centre knows of it."""
        account = next(phone for phone in self.running["agents"] if phone["name"] == name)
        phone = Phone(Account(account["extension"], account["sip_password"]), self.sip, behave=behave)
        self.phones[name] = phone
        await phone.register()
        await self.office.knows_phone(name)
        return phone

    def call(self, caller: str | None = "09012345678", *, keys: str = "") -> Call:
        """Place a call; *keys* are pressed as soon as the centre answers."""
        call = self.carrier.call(self.running["trunk"]["number"], caller=caller)
        if keys:
            pressing = asyncio.create_task(_press(call, keys), name=f"keys of {call.call_id}")
            self._exit.callback(pressing.cancel)
        return call

    async def talk(self, name: str, caller: str = "09012345678", *, keys: str = "") -> tuple[Call, Ring]:
        """Place a call that *name* answers at the first ring; both talk with their tones."""
        call = self.call(caller, keys=keys)
        async with asyncio.timeout(LIMIT_S):
            ring = await self.phones[name].next_ring()
        ring.answer()
        await within(call.answered)
        return call, ring


async def _put_away(phone: Phone) -> None:
    await asyncio.gather(*(within(ring.over) for ring in phone.rings))
    await asyncio.gather(*(ring.settled() for ring in phone.rings))
    await phone.unregister()
    phone.close()


async def _press(call: Call, keys: str) -> None:
    await call.answered.wait()
    call.press(keys)
