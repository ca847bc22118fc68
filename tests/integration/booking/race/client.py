"""One client of the race: books, moves and cancels its own reservations and keeps a ledger of the answers.

A request that gets no answer is sent again with the same key until it gets one, as a screen would do.
"""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp

AGAIN_S = 0.05
REFUSED = 409
_BUSY = {500, 502, 503}
"""No answer to the question: the server or its database is away."""

Answer = tuple[int, Mapping[str, Any]]


@dataclass
class Tally:
    """What all clients saw together."""

    requests: int = 0
    done: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    replays: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    ledger: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    milestones: dict[int, asyncio.Event] = field(default_factory=dict)
    deadline: float = math.inf

    def is_over(self, requests: int) -> bool:
        """Whether *requests* were answered, or time (of the running loop) is up."""
        return self.requests >= requests or asyncio.get_running_loop().time() >= self.deadline

    def answered(self) -> None:
        """Count a request; whoever waits for this many is told."""
        self.requests += 1
        if self.requests in self.milestones:
            self.milestones[self.requests].set()


class Client:
    """Acts until the tally has enough requests. *chance* is seeded."""

    def __init__(
        self, http: aiohttp.ClientSession, slots: list[str], tally: Tally, chance: random.Random
    ) -> None:
        self._http, self._slots, self._tally, self._chance = http, slots, tally, chance
        self._own: dict[str, Mapping[str, Any]] = {}

    async def run(self, requests: int) -> None:
        """Go on until *requests* were answered, by all clients together."""
        while not self._tally.is_over(requests):
            action = self._chance.random()
            if not self._own or action < 0.55:
                await self._book()
            elif action < 0.77:
                await self._move(self._chance.choice(list(self._own)))
            elif action < 0.8:
                await self._move_twice(self._chance.choice(list(self._own)))
            else:
                await self._cancel(self._chance.choice(list(self._own)))

    async def _book(self) -> None:
        wish = {
            "slot": self._a_slot(),
            "name": "松阪 花子",
            "kana": "マツサカ ハナコ",
            "phone": f"090{self._chance.randrange(10**8):08d}",
        }
        self._keep("booked", await self._ask("POST", "/api/reservations", wish), 201)

    async def _move(self, number: str) -> Answer:
        answer = await self._ask("PATCH", f"/api/reservations/{number}", {"slot": self._a_slot()})
        self._keep("moved", answer, 200)
        return answer

    async def _move_twice(self, number: str) -> None:
        """Let two screens move one reservation at the same moment; the later version is what holds."""
        await asyncio.gather(self._move(number), self._move(number))

    async def _cancel(self, number: str) -> None:
        self._keep("cancelled", await self._ask("DELETE", f"/api/reservations/{number}", None), 200)

    def _a_slot(self) -> str:
        return self._chance.choice(self._slots)

    def _keep(self, what: str, answer: Answer, good: int) -> None:
        status, content = answer
        self._tally.done[what] += status == good
        if status == REFUSED and content.get("code") == "slot-full":
            self._tally.refused += 1
        elif status != good:
            self._tally.faults.append(f"{status} {content}")
        elif content["version"] >= self._own.get(content["id"], content)["version"]:
            self._tally.ledger[content["id"]] = content
            self._own[content["id"]] = content
            if content["state"] == "cancelled":
                del self._own[content["id"]]

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer:
        key = uuid4().hex
        first = await self._until_answered(method, path, body, key)
        self._tally.answered()
        if first[0] != REFUSED and self._chance.random() < 0.05:
            self._tally.replays += 1
            again = await self._until_answered(method, path, body, key)
            if again != first:
                self._tally.faults.append(f"a repeat of {method} {path} was answered {again}, not {first}")
        return first

    async def _until_answered(
        self, method: str, path: str, body: Mapping[str, Any] | None, key: str
    ) -> Answer:
        while True:
            try:
                headers = {"Idempotency-Key": key}
                async with self._http.request(method, path, json=body, headers=headers) as answer:
                    if answer.status not in _BUSY:
                        return answer.status, await answer.json(content_type=None)
                    if answer.status == 500:
                        self._tally.faults.append(await answer.text())
            except (aiohttp.ClientError, TimeoutError):
                pass
            self._tally.repeats += 1
            await asyncio.sleep(AGAIN_S)
