"""``python -m bench.surge``: many times more calls than can be served. Does service stay at its best?

Three measurements on one centre: the most that thirty operators can be connected with per second; the same
while 180 calls a second are offered; and 2,000 callers who come to wait at once, as many of them with music
as the trunk's bound lets in. Takes about four minutes; ``SURGE_PER_S``, ``SURGE_S``, ``SURGE_WAITING``,
``SURGE_MAX_CALLS``, ``SURGE_MIN_CALLS`` and ``SURGE_BOUND`` change it. Exit status 1 when a limit is
not kept.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from rich.console import Console

from bench.centre import OPERATORS, caller, centre_toml
from bench.load import PORT, Operators, Result, Shape, callers, run
from bench.measure import Measure, keep, table
from bench.process_time import processor_s
from madoguchi.demo.phones import Account, Call, Carrier, Way, tones
from madoguchi.demo.running import operators, sip_address
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.floor.office import Office
from tests.phones.sipp import Plan, Sipp

OUT = Path(__file__).parent / "out" / "surge.json"
PER_S = float(os.environ.get("SURGE_PER_S", "180"))
SECONDS = float(os.environ.get("SURGE_S", "60"))
WAITING = int(os.environ.get("SURGE_WAITING", "2000"))
BOUND_PER_S = int(os.environ.get("SURGE_BOUND", "26"))
"""As shipped: just below what thirty operators who talk for a second each can be connected with here."""

BEST_PER_S, BEST_S = (20.0, 28.0), 12.0
"""Rates just below and at what thirty operators can take who talk for a second each."""

VOICE_S = 3.0
GOODPUT = 0.9
MOST_CALLS = int(os.environ.get("SURGE_MAX_CALLS", "500"))
"""The bound as it is shipped: a caller with music costs Asterisk 2 ms and more of every second."""

LEAST_CALLS = int(os.environ.get("SURGE_MIN_CALLS", "100"))
"""As shipped: what a machine that is short of processor time lets in all the same."""

EARS = 10
COST_S = 5.0
ARRIVE_PER_S = 28.0
WAIT_S = 20.0
AUDIBLE = 0.003
LISTENER_EVERY_S = 0.5
SETTLED_S = 30.0
RECORDS = "SELECT sip_call_id, count(*) FROM calls WHERE sip_call_id = ANY($1) GROUP BY sip_call_id"


class Surge:
    """Measures one running centre. Files go below *folder*."""

    def __init__(self, copy: Copy, folder: Path) -> None:
        self._copy, self._folder = copy, folder
        running = copy.running
        self._centre, self._dialled = sip_address(running), running["trunk"]["number"]
        self._seats = operators(running)[:OPERATORS]
        self._accounts = [Account(seat["extension"], seat["sip_password"]) for seat in self._seats]

    async def measure(self) -> list[Measure]:
        """Return everything."""
        before = self._copy.running["processes"]
        async with Office(self._copy) as office:
            best = [_goodput(await self._load(office, per_s, BEST_S), BEST_S) for per_s in BEST_PER_S]
            listeners = asyncio.create_task(self._listen(), name="listeners")
            result = await self._load(office, PER_S, SECONDS)
            heard = await listeners
            crowd = await self._crowd(office)
            missing = await self._missing({*result.ledger, *heard})
        restarts = sum(before[name] != pid for name, pid in self._copy.running["processes"].items())
        goodput = _goodput(result, SECONDS)
        answers = _first_answers(result)
        late = sum(voice_s is None or voice_s > VOICE_S for voice_s in heard.values())
        return [
            Measure("connected calls a second, at their best", "/s", best),
            Measure(f"connected calls a second at {PER_S:.0f} offered", "/s", [goodput]),
            Measure("  loss against the best", "", [1 - goodput / max(best)], limit=1 - GOODPUT),
            Measure("INVITE to the sound's answer, p50", "s", [statistics.median(answers)]),
            Measure("INVITE to the sound's answer, longest", "s", [max(answers)], limit=VOICE_S),
            Measure("calls without any answer", "", [result.offered - len(answers)], limit=0),
            Measure(f"listeners of {len(heard)} who heard no voice within 3 s", "", [late], limit=0),
            *crowd,
            Measure("records missing or double", "", [missing], limit=0),
            Measure("processes that ended", "", [restarts], limit=0),
        ]

    async def _load(self, office: Office, per_s: float, seconds: float) -> Result:
        shape = Shape(round(per_s * seconds), per_s, OPERATORS)
        name = f"load-{per_s:.0f}"
        async with Operators(self._centre, self._accounts, shape) as phones:
            for seat in self._seats:
                await office.knows_phone(seat["name"])
                await office.set_state(seat["name"], "ready")
            sipp = callers(self._centre, self._dialled, shape, self._folder / name)
            sipp.name = name
            result = await run(sipp, phones)
            for seat in self._seats:
                await office.set_state(seat["name"], "logged-out")
        return result

    async def _listen(self) -> dict[str, float | None]:
        """Place calls among SIPp's; return by Call-ID after how many seconds each heard a sound."""
        carrier, until = Carrier(self._centre), time.monotonic() + SECONDS
        tasks: list[asyncio.Task[float | None]] = []
        while time.monotonic() < until:
            call = carrier.call(self._dialled, caller=caller(len(tasks)))
            tasks.append(asyncio.create_task(_first_voice(call), name=call.call_id))
            await asyncio.sleep(LISTENER_EVERY_S)
        found = await asyncio.gather(*tasks)
        await carrier.close()
        return {call.call_id: voice_s for call, voice_s in zip(carrier.calls, found, strict=True)}

    async def _crowd(self, office: Office) -> list[Measure]:
        """Let `WAITING` callers come to stay, some of whom we hear with; return what becomes of them."""
        wanted = min(WAITING, MOST_CALLS - EARS)
        stay_ms = round(1_000 * (WAITING / ARRIVE_PER_S + WAIT_S))
        plans = [Plan(caller(number), leave_ms=stay_ms) for number in range(WAITING)]
        folder = self._folder / "crowd"
        sipp = Sipp(self._centre, self._dialled, plans, folder, rate=ARRIVE_PER_S, port=PORT, name="crowd")
        await sipp.start()
        carrier = Carrier(self._centre)
        try:
            inside = [carrier.call(self._dialled, caller=caller(number)) for number in range(EARS)]
            most = await _most_waiting(office, wanted, stay_ms / 1_000)
            cost_ms = await self._cost_ms()
            among_them = await asyncio.gather(*(_first_voice(call) for call in inside))
            outside = [carrier.call(self._dialled, caller=caller(number)) for number in range(EARS)]
            told = await asyncio.gather(*(_first_voice(call) for call in outside))
            await sipp.finish()
        finally:
            sipp.kill()
            await carrier.close()
        deaf, ignored = (sum(voice_s is None for voice_s in heard) for heard in (among_them, told))
        return [
            Measure("callers who waited with music at once", "", [most]),
            Measure(f"  fewer than the {WAITING} who came", "", [max(0, WAITING - most)], limit=0),
            Measure(f"  of {EARS} of them, who heard nothing within 6 s", "", [deaf], limit=0),
            Measure("  Asterisk's processor time for each, a second", "ms", [cost_ms / most]),
            Measure(f"  of {EARS} who came then, who heard nothing within 6 s", "", [ignored], limit=0),
        ]

    async def _cost_ms(self) -> float:
        """Return how many milliseconds of processor time Asterisk uses in a second."""
        pid = self._copy.running["processes"]["asterisk"]
        before, began = processor_s(pid), time.monotonic()
        await asyncio.sleep(COST_S)
        return 1_000 * (processor_s(pid) - before) / (time.monotonic() - began)

    async def _missing(self, calls: set[str]) -> int:
        """Return how many of *calls* do not have exactly one record, once all do or `SETTLED_S` is over."""
        connection = await asyncpg.connect(self._copy.running["database"])
        until = time.monotonic() + SETTLED_S
        try:
            while True:
                rows = await connection.fetch(RECORDS, list(calls))
                wrong: int = len(calls) - len([row for row in rows if row["count"] == 1])
                if wrong == 0 or time.monotonic() > until:
                    return wrong
                await asyncio.sleep(1)
        finally:
            await connection.close()


async def _first_voice(call: Call) -> float | None:
    """Listen until there is a sound, then leave; return how long that took."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(2 * VOICE_S):
            while call.sound is None or tones.loudness(await call.sound.listen(0.1)) < AUDIBLE:
                pass
    except TimeoutError:
        return None
    finally:
        call.leave()
    return time.monotonic() - began


async def _most_waiting(office: Office, wanted: int, limit_s: float) -> int:
    """Return how many stood in line at once, as soon as *wanted* do or when *limit_s* is over."""
    most, until = 0, time.monotonic() + limit_s
    while most < wanted and time.monotonic() < until:
        queues = (await office.get("/api/queues"))["queues"]
        most = max(most, sum(queue["waiting"] for queue in queues))
        await asyncio.sleep(0.5)
    return most


def _first_answers(result: Result) -> Sequence[float]:
    """Return for each call the seconds until Asterisk answered with sound: 183 or 200."""
    found = []
    for call_id in result.ledger:
        invited = result.ledger.first(call_id, Way.SENT, "INVITE")
        answers = (result.ledger.first(call_id, Way.RECEIVED, f"{code} INVITE") for code in (183, 200))
        known = [at for at in answers if at is not None]
        if invited is not None and known:
            found.append(min(known) - invited)
    return found


def _goodput(result: Result, seconds: float) -> float:
    """Return how many calls a second were connected in the time in which calls came."""
    first = min((call.invited for call in result.bridged), default=0.0)
    return sum(call.rang <= first + seconds for call in result.bridged) / seconds


def main() -> int:
    """Measure, show and keep."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-surge-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
        centre = folder / "centre.toml"
        bounds = {"max_calls": MOST_CALLS, "min_calls": LEAST_CALLS, "max_new_per_s": BOUND_PER_S}
        text = centre_toml(recording=False, **bounds)
        centre.write_text(text, encoding="utf-8")
        copy = start_copy(folder / "home", centre)
        try:
            measures = asyncio.run(Surge(copy, folder).measure())
        finally:
            copy.make("down", STOP_LIMIT_S)
    Console().print(table(measures))
    keep(measures, [], OUT)
    return 1 if any(measure.met is False for measure in measures) else 0


if __name__ == "__main__":
    sys.exit(main())
