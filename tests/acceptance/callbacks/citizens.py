"""Citizens who ask to be called back, whatever happens to the centre meanwhile, and what they do when called.

They know nothing of the centre but what anybody with a telephone knows; when to press a key they read off the
supervisor's view, because they press it again when nobody took it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp

from madoguchi.demo.phones import Answer, Behaviour, Call, Carrier, EndedBy, Reject
from tests.acceptance.floor.office import Json, Office

LOOK_EVERY_S = 0.1
ASK, YES = "4", "1"
AGAIN_S = 1.0
"""How long a citizen waits for a key to be taken before pressing it again."""

TALK_S = 4.0
"""Longer than the centre is away after a kill: a call that begins and ends unseen has to be made again."""

LIMIT_S = 90.0
ASK_LIMIT_S = 300.0
"""How long somebody goes on asking. The words of the promise take longer than a controller lives that is
killed every five seconds; they are heard to the end when the next strike falls on another part."""


class Fate(StrEnum):
    """What somebody who asked does."""

    ANSWERS = "answers"
    BUSY_FIRST = "busy first"
    CALLS_AGAIN = "calls again"
    """Calls a second time before the turn has come, waits, and is served by that call."""


@dataclass(slots=True)
class Citizen:
    """One who asks. *place* is since when that call stood in line, as the centre shows it."""

    number: str
    fate: Fate
    asking: Call | None = None
    own: Call | None = None
    place: str | None = None
    turns: int = 0

    @property
    def promised(self) -> bool:
        """Whether the centre said the words of the promise to the end and hung up."""
        return self.asking is not None and self.asking.ended_by is EndedBy.THEM

    def behave(self) -> Behaviour:
        """Take the centre's next call."""
        self.turns += 1
        if self.fate is Fate.BUSY_FIRST and self.turns == 1:
            return Reject(486)
        return Answer(after_s=0.1, talk_s=TALK_S)


@dataclass(slots=True)
class View:
    """What a supervisor sees, looked at again and again, also while the centre cannot be asked."""

    office: Office
    calls: list[Json] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator["View"]:
        """Keep looking while the body runs."""
        looking = asyncio.create_task(self._look(), name="view")
        try:
            yield self
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with asyncio.timeout(2):
                    await self.office.get("/readyz")  # a centre that has just started knows nobody yet
                    self.calls = await self.office.live()
                async with self._news:
                    self._news.notify_all()
            await asyncio.sleep(LOOK_EVERY_S)

    def of(self, number: str) -> Json | None:
        """Return the call in which *number* waits or is in the dialogue."""
        sought = "+81" + number.removeprefix("0")
        mine = (call for call in self.calls if call["caller"] == sought and call["state"] in _IN_LINE)
        return next(mine, None)

    async def until(self, wanted: Callable[["View"], bool], limit_s: float = LIMIT_S) -> None:
        """Wait until a new look shows what is *wanted*."""
        async with asyncio.timeout(limit_s), self._news:
            await self._news.wait()
            await self._news.wait_for(lambda: wanted(self))


_IN_LINE = {"waiting", "asking"}


async def ask(citizen: Citizen, carrier: Carrier, dialled: str, view: View) -> None:
    """Call, wait, ask for a callback until it is promised; returns when that call is over."""
    citizen.asking = carrier.call(dialled, caller=citizen.number)
    over, pressed_at, pressed = citizen.asking.over, 0.0, ""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(ASK_LIMIT_S):
        while not over.is_set():
            mine = view.of(citizen.number)
            if mine is not None:
                citizen.place = citizen.place or str(mine["waiting_since"])
                key = ASK if mine["state"] == "waiting" else YES
                if key != pressed or loop.time() - pressed_at > AGAIN_S:
                    citizen.asking.press(key)
                    pressed, pressed_at = key, loop.time()
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), LOOK_EVERY_S)


async def call_again(citizen: Citizen, carrier: Carrier, dialled: str, view: View) -> None:
    """Place the own call, and wait until it stands in line."""
    citizen.own = carrier.call(dialled, caller=citizen.number)
    await view.until(lambda seen: seen.of(citizen.number) is not None)
