"""Runs the storm on a running centre: SIPp calls, telephones react, and both ledgers are brought back."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from madoguchi.demo.phones import Account, Behaviour, Phone, Ring
from madoguchi.demo.running import operators, sip_address
from madoguchi.demo.screen import Screen
from madoguchi.local import run_file
from madoguchi.local.run_file import RunFile
from tests.acceptance.storm.evidence import CallerSide, OperatorSide, caller_side, operator_side
from tests.acceptance.storm.plan import Citizen, react
from tests.phones.capture import write_tone
from tests.phones.sipp import CARRIER, Nudger, Sipp

CALLS_PER_S = 20
SIPP_PORT = 5_070
CALLER_HZ = 1_000
LONGEST_CALL_S = 60
AWAY_EVERY_S = 4.0
AWAY_S = (0.3, 1.5)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both ledgers of one storm."""

    callers: list[CallerSide]
    rings: list[OperatorSide]


class Storm:
    """The storm's operators and callers. *seed* decides every choice."""

    def __init__(self, running: RunFile, citizens: Sequence[Citizen], *, seed: int, folder: Path) -> None:
        self._running = running
        self._citizens = citizens
        self._seed = seed
        self._index = {citizen.plan.caller: n for n, citizen in enumerate(citizens)}
        self._turns: dict[str, int] = defaultdict(int)
        self._phones: dict[str, Phone] = {}
        folder.mkdir(parents=True, exist_ok=True)
        plans = [citizen.plan for citizen in citizens]
        tone = write_tone(folder / "caller.pcap", CALLER_HZ, seconds=LONGEST_CALL_S)
        number = running["trunk"]["number"]
        self._sipp = Sipp(
            sip_address(running), number, plans, folder, rate=CALLS_PER_S, tone=tone, port=SIPP_PORT
        )
        self._nudger = Nudger((CARRIER, SIPP_PORT))

    async def run(self, screens: Mapping[str, Screen]) -> Evidence:
        """Let everybody loose; returns when the last call is over."""
        await asyncio.gather(*(self._seat(seat) for seat in operators(self._running)))
        await asyncio.gather(*(screen.set_state("ready") for screen in screens.values()))
        wanderer = asyncio.create_task(self._wander(), name="phones that come and go")
        try:
            await self._sipp.start()
            ledger = await self._sipp.finish()
        finally:
            self._sipp.kill()
            wanderer.cancel()
            self._nudger.close()
        await self._silence()
        callers = [
            caller_side(self._sipp.call_id(n), citizen.plan.caller, citizen.fate, ledger)
            for n, citizen in enumerate(self._citizens)
        ]
        rings = [operator_side(name, ring) for name, phone in self._phones.items() for ring in phone.rings]
        return Evidence(callers, rings)

    async def _seat(self, seat: run_file.Phone) -> None:
        phone = Phone(
            Account(seat["extension"], seat["sip_password"]),
            sip_address(self._running),
            behave=self._behave,
        )
        self._phones[seat["name"]] = phone
        await phone.register()

    def _behave(self, ring: Ring) -> Behaviour:
        caller = ring.caller.replace("+81", "0")
        index = self._index[caller]
        reaction = react(self._citizens[index].fate, caller, self._turns[caller], self._seed)
        self._turns[caller] += 1
        if reaction.nudge_s is not None:
            call_id = self._sipp.call_id(index)
            asyncio.get_running_loop().call_later(reaction.nudge_s, self._nudger.nudge, call_id)
        return reaction.behaviour

    async def _wander(self) -> None:
        """Now and then somebody pulls the plug, also in the middle of a ring, and comes back."""
        rng = random.Random(f"wander {self._seed}")
        async with asyncio.TaskGroup() as away:
            while True:
                await asyncio.sleep(rng.uniform(0, AWAY_EVERY_S))
                phone = rng.choice(list(self._phones.values()))
                away.create_task(_step_out(phone, rng.uniform(*AWAY_S)), name=f"away {phone.extension}")

    async def _silence(self) -> None:
        rings = [ring for phone in self._phones.values() for ring in phone.rings]
        async with asyncio.timeout(LONGEST_CALL_S):
            await asyncio.gather(*(ring.over.wait() for ring in rings))
        for phone in self._phones.values():
            await phone.unregister()
            phone.close()


async def _step_out(phone: Phone, away_s: float) -> None:
    await phone.unregister()
    await asyncio.sleep(away_s)
    await phone.register()
