"""The same callers and operators for everybody who is measured: SIPp calls, telephones answer and speak.

A call counts only when it was really bridged: the operator's phone answered, heard the caller's tone, and
the caller's side was answered and ended properly.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.centre import caller
from madoguchi.demo.phones import Account, Address, Answer, Behaviour, Ledger, Phone, Ring, Way, tones
from tests.phones.capture import write_tone
from tests.phones.sipp import NEVER_MS, Plan, Sipp

CALLER_HZ, OPERATOR_HZ = 1_000, 440
CLEAR = 0.8
HEARD_S = 0.3
PORT = 5_080


@dataclass(frozen=True, slots=True)
class Shape:
    """How a load looks: calls, their rate, and how long operators ring and talk."""

    calls: int
    per_s: float
    operators: int
    ring_s: float = 0.05
    talk_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Bridged:
    """A call that both ends saw. Epoch seconds."""

    invited: float
    rang: float
    agent: str
    ended: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a load. *rings* are all rings by operator, in order: (invited, ended)."""

    offered: int
    bridged: Sequence[Bridged]
    ledger: Ledger
    rings: dict[str, list[tuple[float, float]]]


class Operators:
    """Registered telephones that answer everything that rings."""

    def __init__(self, centre: Address, accounts: Sequence[Account], shape: Shape) -> None:
        self._shape = shape
        self.phones = [Phone(account, centre, behave=self._behave) for account in accounts[: shape.operators]]
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(phone.register() for phone in self.phones))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for phone in self.phones:
            await phone.unregister()
            phone.close()

    def _behave(self, ring: Ring) -> Behaviour:
        ring.say(OPERATOR_HZ)
        return Answer(after_s=self._shape.ring_s, talk_s=self._shape.talk_s)


async def run(sipp: Sipp, operators: Operators) -> Result:
    """Let SIPp's callers loose on the operators and bring back what was bridged."""
    await sipp.start()
    try:
        ledger = await sipp.finish()
    finally:
        sipp.kill()
    rings = [(phone.extension, ring) for phone in operators.phones for ring in phone.rings]
    await asyncio.gather(*(ring.over.wait() for _, ring in rings))
    by_agent: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for agent, ring in rings:
        by_agent[agent].append((ring.times.invited or 0.0, ring.times.ended or 0.0))
    return Result(len(sipp.plans), _bridged(sipp, ledger, rings), ledger, by_agent)


def callers(centre: Address, dialled: str, shape: Shape, folder: Path) -> Sipp:
    """Return SIPp with the callers of *shape*, who speak and leave hanging up to the operator."""
    folder.mkdir(parents=True, exist_ok=True)
    tone = write_tone(folder / "tone.pcap", CALLER_HZ, seconds=30)
    plans = [Plan(caller(number), leave_ms=NEVER_MS) for number in range(shape.calls)]
    return Sipp(centre, dialled, plans, folder, rate=shape.per_s, tone=tone, port=PORT, name="load")


def _bridged(sipp: Sipp, ledger: Ledger, rings: Sequence[tuple[str, Ring]]) -> list[Bridged]:
    answered: dict[str, list[tuple[str, Ring]]] = defaultdict(list)
    for agent, ring in sorted(rings, key=lambda pair: pair[1].times.invited or 0.0):
        if ring.times.answered is not None and _heard_the_caller(ring):
            answered[ring.caller.replace("+81", "0")].append((agent, ring))
    found = []
    for number, plan in enumerate(sipp.plans):
        call_id = sipp.call_id(number)
        invited = ledger.first(call_id, Way.SENT, "INVITE")
        ended = ledger.first(call_id, Way.RECEIVED, "BYE")
        if invited is None or ended is None or not answered[plan.caller]:
            continue
        agent, ring = answered[plan.caller].pop(0)
        found.append(Bridged(invited, ring.times.invited or 0.0, agent, ended))
    return found


def _heard_the_caller(ring: Ring) -> bool:
    heard = ring.sound.heard(last_s=HEARD_S) if ring.sound else tones.decode(b"")
    return tones.share_of_tone(heard, CALLER_HZ) > CLEAR
