"""The demo's cast: every sample operator with a ringing telephone and a signed-in screen, and a carrier.

An operator picks up after a moment unless a scene has other plans for that caller, and is ready again
as soon as a call is over. No scene is played here.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from madoguchi.demo.phones import Account, Answer, Behaviour, Carrier, Phone, Ring
from madoguchi.demo.running import operators, password_of, sip_address, supervisor_of
from madoguchi.demo.screen import Message, Screen
from madoguchi.local.run_file import RunFile

PICK_UP_S = 0.6
"""Long enough for a glance at the screen that has popped up."""

WITHHELD = "anonymous"
"""What a phone shows for a caller who withholds the number (RFC 3323)."""


class Stage:
    """Everybody who takes part. `rings_of` and `pops_of` tell what happened to one caller's call."""

    def __init__(self, running: RunFile) -> None:
        self.running = running
        self.carrier = Carrier(sip_address(running), host=running["trunk"]["carrier_address"])
        self.phones: dict[str, Phone] = {}
        self.screens: dict[str, Screen] = {}
        self._plans: dict[str, list[Behaviour]] = {}
        self._rings: dict[str, asyncio.Queue[tuple[str, Ring]]] = defaultdict(asyncio.Queue)
        self._turns: dict[str, int] = defaultdict(int)
        self._exit = AsyncExitStack()
        self._watchers: list[asyncio.Task[None]] = []
        self._after_a_call = "ready"

    async def __aenter__(self) -> Self:
        """Open the stage; nobody but the carrier is there before `take_seats`."""
        return self

    async def take_seats(self) -> None:
        """Bring every operator to phone and screen, ready for calls."""
        await asyncio.gather(*(self._seat(phone["name"]) for phone in operators(self.running)))

    async def leave_seats(self) -> None:
        """Sign everybody out, also whoever is just ending a call. Later calls leave them ready again."""
        self._after_a_call = "logged-out"
        await asyncio.gather(*(screen.set_state("logged-out") for screen in self.screens.values()))
        self._after_a_call = "ready"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        await self.carrier.close()
        for phone in self.phones.values():
            await phone.unregister()
            phone.close()
        await self._exit.aclose()

    async def until_waiting(self, caller: str | None) -> None:
        """Wait until the centre has *caller* in line, as a supervisor sees it."""
        chief = supervisor_of(self.running)
        code = chief.get("totp_secret")
        async with Screen(self.running["http"], chief["user"], chief["password"], code) as screen:
            await screen.until(lambda message: _shows_waiting(message, caller))

    def plan(self, caller: str | None, behaviours: Sequence[Behaviour]) -> None:
        """Decide what the phones do with *caller*: the first that rings, the second, and so on."""
        self._plans[shown(caller)] = list(behaviours)

    async def next_ring(self, caller: str | None) -> tuple[str, Ring]:
        """Wait until a phone rings for *caller*; returns whose, and the ring."""
        return await self._rings[shown(caller)].get()

    async def pop(self, agent: str, caller: str | None) -> Message:
        """Wait until *agent*'s screen shows an offer of *caller*."""
        return await self.screens[agent].until(
            lambda message: message["type"] == "offer" and shown(message["caller"]) == shown(caller)
        )

    async def _seat(self, name: str) -> None:
        account = next(phone for phone in self.running["agents"] if phone["name"] == name)
        phone = Phone(
            Account(account["extension"], account["sip_password"]),
            sip_address(self.running),
            behave=lambda ring: self._behave(name, ring),
        )
        await phone.register()
        self.phones[name] = phone
        screen = Screen(self.running["http"], name, password_of(self.running, name))
        self.screens[name] = await self._exit.enter_async_context(screen)
        await screen.set_state("ready")
        self._watchers.append(asyncio.create_task(self._stay_ready(screen), name=f"ready {name}"))

    def _behave(self, name: str, ring: Ring) -> Behaviour:
        caller = shown(ring.caller)
        self._rings[caller].put_nowait((name, ring))
        turn, plans = self._turns[caller], self._plans.get(caller, [])
        self._turns[caller] += 1
        return plans[turn] if turn < len(plans) else Answer(after_s=PICK_UP_S)

    async def _stay_ready(self, screen: Screen) -> None:
        seen = len(screen.messages)
        while True:
            message = await screen.until(_needs_a_push, since=seen)
            seen = screen.messages.index(message, seen) + 1
            call, wanted = message["agent"]["call"], self._after_a_call
            if call is not None:
                await screen.send({"type": "disposition", "call": call, "disposition": "デモの通話"})
            await screen.send({"type": "state", "state": wanted})


def shown(caller: str | None) -> str:
    """One writing for a caller, however a phone, a screen or a record writes it: national digits."""
    return WITHHELD if caller is None else caller.lower().replace("+81", "0")


def _shows_waiting(message: Message, caller: str | None) -> bool:
    call = message["call"] if message["type"] == "call" else {}
    return call.get("state") == "waiting" and shown(call["caller"]) == shown(caller)


def _needs_a_push(message: Mapping[str, Any]) -> bool:
    states = {"after-call", "not-responding"}
    return message["type"] == "agent" and message["agent"]["state"] in states
