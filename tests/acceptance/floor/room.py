"""A floor with one operator, a supervisor's phone and somebody at the command line."""

import asyncio
import sys
from collections.abc import Collection, Mapping
from itertools import count
from typing import Any

import stamina

from madoguchi.demo.phones import Call, Ring
from tests.acceptance.copy import Copy
from tests.acceptance.floor.ears import TONES
from tests.acceptance.floor.shift import LIMIT_S, Shift, within

OPERATOR, CHIEF = "abe", "chief"
BOOKING = "1"


class Room:
    """What the exercises of commands share. Every citizen has a number of their own."""

    def __init__(self, copy: Copy, shift: Shift) -> None:
        self.copy, self.shift = copy, shift
        self._callers = count(1)

    async def type(self, *words: str) -> str:
        """Give a command; return what it says. Fails with its complaint when it fails."""
        status, said, complaint = await self.try_to(*words)
        assert status == 0, f"{' '.join(words)}: {complaint}"
        return said

    async def try_to(self, *words: str) -> tuple[int | None, str, str]:
        """Give a command; return its status, what it says, and what it complains of."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "madoguchi", *words),
            env=self.copy.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complaint = await process.communicate()
        return process.returncode, said.decode(), complaint.decode()

    async def queue(self, name: str = "booking") -> Mapping[str, Any]:
        """Return a queue as it is now."""
        queues = (await self.shift.office.get("/api/queues"))["queues"]
        found: Mapping[str, Any] = next(each for each in queues if each["name"] == name)
        return found

    async def waits(self, keys: str = BOOKING) -> tuple[Call, str]:
        """Let a citizen stand in line; return the call and its id."""
        known = {each["id"] for each in await self.shift.office.live()}
        call = self.shift.call(f"0901234{next(self._callers):04}", keys=keys)
        return call, (await self.live("waiting", known))["id"]

    async def talks(self) -> tuple[Call, str]:
        """Let a citizen and the operator talk; return the call and its id.

        Both are heard: Asterisk's ``ChanSpy()`` stands still while it hears a leg that sends no sound at all.
        """
        await self.shift.office.set_state(OPERATOR, "ready")
        call, ring = await self.shift.talk(OPERATOR, f"0901234{next(self._callers):04}", keys=BOOKING)
        call.say(TONES["caller"])
        ring.say(TONES["operator"])
        return call, (await self.live("talking"))["id"]

    async def live(self, state: str, known: Collection[str] = ()) -> Mapping[str, Any]:
        """Return the call in this *state* that is none of those *known*, once there is one."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
        ):
            with attempt:
                live = await self.shift.office.live()
                found = [each for each in live if each["state"] == state and each["id"] not in known]
                assert found, [each["state"] for each in live]
        return found[0]

    async def answers(self, name: str) -> Ring:
        """Wait until the phone of *name* rings, and answer it."""
        async with asyncio.timeout(LIMIT_S):
            ring = await self.shift.phones[name].next_ring()
        ring.answer()
        return ring

    async def heard_by(self, call: str, *supervisors: str) -> None:
        """Wait until exactly these are on the call."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
        ):
            with attempt:
                found = (await self.shift.office.get(f"/api/calls/{call}"))["supervision"]
                assert [each["supervisor"] for each in found] == list(supervisors)

    async def record(self, call: Call) -> Mapping[str, Any]:
        """Return the record of a call that is over, or ends now; nobody is ready afterwards."""
        if not call.over.is_set():
            call.hang_up()
        await within(call.over)
        record = (await self.shift.office.records(call.call_id))[call.call_id]
        await self.shift.office.set_state(OPERATOR, "logged-out")
        return record

    async def state(self, name: str) -> str:
        """Return what *name* is doing."""
        return str((await self.shift.office.get(f"/api/agents/{name}"))["state"])
