"""Callers who come steadily while everything is published under them, and what became of each."""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from madoguchi.demo.phones import Answer, Behaviour, Call, EndedBy, Ring
from tests.acceptance.floor.shift import LIMIT_S, Shift

PICK_UP_S = 0.1
KEYS = ("1", "2")


@dataclass(slots=True)
class Caller:
    """One caller: the key that is pressed, and how long the talk lasts."""

    number: str
    key: str
    talks_s: float
    call: Call | None = None
    pressed_at: float = 0.0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Where the keys may lead from *since* on, as `time.time` counts, until *until*."""

    since: float
    until: float
    routes: Mapping[str, str]


class Crowd:
    """*calls* callers, *per_s* of them a second; *seed* decides every choice."""

    def __init__(
        self, shift: Shift, *, calls: int, per_s: float, talks_s: tuple[float, float], seed: int
    ) -> None:
        rng = random.Random(f"publish {seed}")
        self._shift, self._per_s = shift, per_s
        self.callers = [
            Caller(f"0907{number:07}", rng.choice(KEYS), rng.uniform(*talks_s)) for number in range(calls)
        ]
        self._watching: set[asyncio.Task[None]] = set()
        self.talks = asyncio.Event()
        """Somebody talks: from now on there is something to lose."""
        self._by_number = {caller.number: caller for caller in self.callers}

    def behave(self, ring: Ring) -> Behaviour:
        """Answer, and tell the caller that somebody is there."""
        watching = asyncio.create_task(self._connected(ring), name=f"ring for {ring.caller}")
        self._watching.add(watching)
        watching.add_done_callback(self._watching.discard)
        return Answer(after_s=PICK_UP_S)

    async def flow(self) -> None:
        """Let all come; returns when the last one is gone."""
        async with asyncio.TaskGroup() as group:
            for caller in self.callers:
                group.create_task(self._live(caller), name=caller.number)
                await asyncio.sleep(1 / self._per_s)

    @property
    def up(self) -> int:
        """How many calls are up now."""
        return sum(1 for caller in self.callers if caller.call and not caller.call.over.is_set())

    async def _live(self, caller: Caller) -> None:
        call = caller.call = self._shift.call(caller.number)
        try:
            async with asyncio.timeout(LIMIT_S):
                await call.answered.wait()
            call.press(caller.key)
            caller.pressed_at = time.time()
            async with asyncio.timeout(3 * LIMIT_S):
                await _either(caller.connected, call.over)
            if not call.over.is_set():
                await _unless(call.over, caller.talks_s)
            if call.over.is_set():
                caller.complaint = "was cut off"
        except TimeoutError:
            caller.complaint = "reached nobody"
        call.leave()
        async with asyncio.timeout(LIMIT_S):
            await call.over.wait()
        if call.ended_by is not EndedBy.US:
            caller.complaint = caller.complaint or "was hung up on"

    async def _connected(self, ring: Ring) -> None:
        await ring.answered.wait()
        caller = self._by_number.get(ring.caller)
        if caller is not None:
            caller.connected.set()
            self.talks.set()


async def _either(*events: asyncio.Event) -> None:
    waiting = {asyncio.create_task(event.wait()) for event in events}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _unless(event: asyncio.Event, seconds: float) -> None:
    """Let *seconds* pass, or *event* come."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
