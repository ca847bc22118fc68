"""The campaign on a running centre: they ask, some call again, operators come, and parts die meanwhile."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
import stamina

from madoguchi.demo.phones import Account, Answer, Behaviour, CalledPhone, Carrier, Phone, Ring
from madoguchi.demo.running import operators, sip_address
from tests.acceptance.callbacks.citizens import LIMIT_S, TALK_S, Citizen, Fate, View, ask, call_again
from tests.acceptance.callbacks.judge import Asked, Dialled, Evidence, violations
from tests.acceptance.chaos.run import written
from tests.acceptance.chaos.strikes import How, Strike, Struck, percentile, strike, strikes
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Office
from tests.acceptance.storm.centre import CALLBACKS
from tests.acceptance.storm.judge import Violation

NUMBER = "0906100{:04}"
CALLS_AGAIN_EVERY, BUSY_EVERY = 5, 4
ASK_EVERY_S = 0.3
ASKING_AT_ONCE = 12
SERVED_S = 900.0


@dataclass(slots=True)
class Campaign:
    """*count* citizens ask, *size* operators call them, *counts* strikes fall. *seed* decides when."""

    copy: Copy
    count: int
    size: int
    counts: Mapping[tuple[str, How], int]
    seed: int = 1
    struck: list[Struck] = field(default_factory=list)
    _citizens: list[Citizen] = field(default_factory=list)
    _phones: list[Phone] = field(default_factory=list)
    _called: list[Ring] = field(default_factory=list)
    _outages: list[tuple[float, float]] = field(default_factory=list)

    async def run(self) -> list[Violation]:
        """Ask, call, judge; return every broken promise."""
        self._citizens = [Citizen(NUMBER.format(n), _fate(n)) for n in range(self.count)]
        blows = strikes(self.counts, self.seed)
        async with Office(self.copy) as office, View(office).kept() as view:
            carrier, homes = Carrier(sip_address(self.copy.running)), self._homes()
            try:
                half = len(blows) // 2
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._strike(office, blows[:half]), name="strikes")
                    await self._ask(carrier, view)
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._strike(office, blows[half:]), name="strikes")
                    await self._serve(office, view)
                return await self._judged(office)
            finally:
                await self._go_home(office, carrier)
                self._called = homes.rings
                homes.close()

    def _homes(self) -> CalledPhone:
        """Return the telephones of all citizens: every number behind the carrier."""
        outbound = self.copy.running["trunk"]["outbound"]
        assert outbound is not None
        phone = CalledPhone(
            sip_address(self.copy.running),
            behave=self._answer_at_home,
            host=outbound["host"],
            port=outbound["port"],
        )
        self._called = phone.rings
        return phone

    def _answer_at_home(self, ring: Ring) -> Behaviour:
        number = _dialled(ring)
        citizen = next((each for each in self._citizens if each.number == number), None)
        return Answer() if citizen is None else citizen.behave()

    async def _strike(self, office: Office, blows: Sequence[Strike]) -> None:
        for blow in blows:
            await asyncio.sleep(blow.after_s)
            began = time.time()
            self.struck.append(await strike(self.copy, office, blow))
            self._outages.append((began, time.time()))

    async def _ask(self, carrier: Carrier, view: View) -> None:
        room = asyncio.Semaphore(ASKING_AT_ONCE)

        async def one(citizen: Citizen) -> None:
            async with room:
                await ask(citizen, carrier, CALLBACKS, view)
                if citizen.fate is Fate.CALLS_AGAIN:
                    await call_again(citizen, carrier, CALLBACKS, view)

        async with asyncio.TaskGroup() as group:
            for citizen in self._citizens:
                group.create_task(one(citizen), name=citizen.number)
                await asyncio.sleep(ASK_EVERY_S)

    async def _serve(self, office: Office, view: View) -> None:
        """Let operators come, and wait until nobody's call and no promise is left."""
        seats = operators(self.copy.running)[: self.size]
        for seat in seats:
            account = Account(seat["extension"], seat["sip_password"])
            phone = Phone(account, sip_address(self.copy.running), behave=self._take)
            self._phones.append(phone)
            await phone.register()
            await office.knows_phone(seat["name"])
        await asyncio.gather(*(_persistently(office, seat["name"], "ready") for seat in seats))
        await view.until(lambda seen: not seen.calls, SERVED_S)

    def _take(self, ring: Ring) -> Behaviour:
        """Take a call: a citizen's own one ends after a while, a callback when the citizen hangs up."""
        own = any(each.number == ring.caller and each.own is not None for each in self._citizens)
        return Answer(after_s=0.05, talk_s=TALK_S if own else None)

    async def _judged(self, office: Office) -> list[Violation]:
        asked = [self._asked(citizen) for citizen in self._citizens]
        kept = sum(1 for each in asked if each.fate is not Fate.CALLS_AGAIN)
        own = sum(1 for citizen in self._citizens if citizen.own is not None)
        await written(office, self.count + own + kept)
        dialled = [self._dialled_of(ring) for ring in self._called]
        return violations(Evidence(asked, dialled, self.size), await office.written())

    def _dialled_of(self, ring: Ring) -> Dialled:
        at, ended, answered = ring.times.invited or 0.0, ring.times.ended or 0.0, ring.status == 200
        hidden = any(began <= (ring.times.answered or 0.0) and ended <= over for began, over in self._outages)
        return Dialled(_dialled(ring), at, ended, answered, unseen=answered and hidden)

    def _asked(self, citizen: Citizen) -> Asked:
        assert citizen.asking is not None
        assert citizen.place is not None, f"{citizen.number} never stood in line"
        rings = [
            r.times.invited or 0 for phone in self._phones for r in phone.rings if r.caller == citizen.number
        ]
        return Asked(
            citizen.number,
            citizen.fate,
            citizen.asking.call_id,
            citizen.place,
            citizen.promised,
            min(rings, default=None),
        )

    async def _go_home(self, office: Office, carrier: Carrier) -> None:
        await office.ready()
        for seat in operators(self.copy.running)[: self.size]:
            await _persistently(office, seat["name"], "logged-out")
        await carrier.close()
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(*(ring.over.wait() for phone in self._phones for ring in phone.rings))
        for phone in self._phones:
            await phone.unregister()
            phone.close()

    def report(self, found: Sequence[Violation]) -> str:
        """Return the figures, and the first broken promises."""
        fates = Counter(citizen.fate.value for citizen in self._citizens)
        back = [each.back_s for each in self.struck] or [0.0]
        blows = Counter(f"{each.strike.part} {each.strike.how}" for each in self.struck)
        lines = [
            f"seed {self.seed}: {self.count} asked ({dict(fates)}), {self.size} operators",
            f"{len(self._called)} calls to citizens",
            f"struck: {dict(blows)}; served again after p95 {percentile(back, 0.95):.2f} s",
            *(f"[{v.rule}] {v.call_id}: {v.text}" for v in found[:20]),
            f"broken promises: {len(found)}",
        ]
        return "\n".join(lines)


def _fate(number: int) -> Fate:
    if number % CALLS_AGAIN_EVERY == 1:
        return Fate.CALLS_AGAIN
    return Fate.BUSY_FIRST if number % BUSY_EVERY == 0 else Fate.ANSWERS


def _dialled(ring: Ring) -> str:
    """Return the number that the centre called."""
    return ring.invite.start.split()[1].removeprefix("sip:").split("@")[0]


async def _persistently(office: Office, name: str, state: str) -> None:
    """Set what *name* does, also while the controller is away."""
    async for attempt in stamina.retry_context(
        on=aiohttp.ClientError, attempts=None, timeout=LIMIT_S, wait_initial=0.1, wait_max=0.3
    ):
        with attempt:
            await office.set_state(name, state)
