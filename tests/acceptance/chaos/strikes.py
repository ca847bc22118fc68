"""What is done to the parts of a centre, and how long it takes until calls are served again."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
import stamina

from telephony.heartbeat import Pulse
from tests.acceptance.chaos.cable import cut
from tests.acceptance.chaos.container import kill_container
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Office

CONTROLLER, ASTERISK = "controller", "asterisk"
CARRIER, CONTROL = "carrier", "control"
"""Cables: between Asterisk and all telephones, and between Asterisk and our programs."""

FREEZE_S = 10.0
BACK_S = 60.0


class How(StrEnum):
    """The end of a process, hard or as for a new version of it, or its standstill for `FREEZE_S`."""

    KILL = "kill"
    TERM = "term"
    FREEZE = "freeze"
    CUT = "cut"
    """The network loses everything for `FREEZE_S`."""
    CONTAINER = "docker kill"


_SIGNALS = {How.KILL: signal.SIGKILL, How.TERM: signal.SIGTERM, How.FREEZE: signal.SIGSTOP}


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow. *after_s* is how long the centre has had peace before it."""

    part: str
    how: How
    after_s: float


@dataclass(frozen=True, slots=True)
class Struck:
    """*back_s*: from the blow, or the end of Asterisk's standstill, until the centre served calls again."""

    strike: Strike
    back_s: float

    def __str__(self) -> str:
        return f"{self.strike.part} {self.strike.how}, served again after {self.back_s:.2f} s"


@dataclass(frozen=True, slots=True)
class Standstill:
    """While Asterisk stood still, nobody could be heard or served. Epoch seconds.

    *lost*: no packet of a telephone's came through, not even later.
    """

    began: float
    ended: float
    lost: bool = False


def strikes(counts: Mapping[tuple[str, How], int], seed: int) -> list[Strike]:
    """Return so many strikes of each kind, in an order and at moments that *seed* decides."""
    rng = random.Random(f"strikes {seed}")
    blows = [blow for blow, count in counts.items() for _ in range(count)]
    rng.shuffle(blows)
    return [Strike(part, how, rng.uniform(0.2, 2.0)) for part, how in blows]


async def strike(copy: Copy, office: Office, blow: Strike) -> Struck:
    """Strike, and wait until the part is there again and calls are served."""
    pid = _pid(copy, blow.part)
    assert pid is not None
    began = time.monotonic()
    if blow.how is How.CONTAINER:
        kill_container(pid)
    else:
        os.kill(pid, _SIGNALS[blow.how])
    thaw = asyncio.create_task(_thaw(pid)) if blow.how is How.FREEZE else None
    renewed = blow.how is not How.FREEZE or blow.part == CONTROLLER  # the rescue ends one that hangs
    await _serving(copy, office, blow.part, pid if renewed else None)
    back_s = time.monotonic() - began
    if thaw is not None:
        await thaw
        await office.ready()
    return Struck(blow, back_s)


def _pid(copy: Copy, part: str) -> int | None:
    """Return the process that does the work of *part*: of two controllers the one that leads."""
    if part == CONTROLLER:
        return Pulse(copy.layout.heartbeat_file).pid()
    return copy.running["processes"].get(part)


async def stand_still(copy: Copy, office: Office, blow: Strike) -> tuple[Struck, Standstill]:
    """Stop Asterisk itself for `FREEZE_S`, and wait until calls are served."""
    pid = _pid(copy, ASTERISK)
    assert pid is not None
    began = time.time()
    os.kill(pid, signal.SIGSTOP)
    await _thaw(pid)
    ended = time.time()
    await _serving(copy, office, ASTERISK, None)
    await office.ready()
    return Struck(blow, time.time() - ended), Standstill(began, ended)


async def pull_cable(copy: Copy, office: Office, blow: Strike) -> tuple[Struck, Standstill]:
    """Lose every packet of a cable for `FREEZE_S`, and wait until calls are served."""
    began = time.time()
    with cut(copy, telephones=blow.part == CARRIER):
        await asyncio.sleep(FREEZE_S)
    ended = time.time()
    await _serving(copy, office, CONTROLLER, None)
    await office.ready()
    return Struck(blow, time.time() - ended), Standstill(began, ended, blow.part == CARRIER)


async def _thaw(pid: int) -> None:
    await asyncio.sleep(FREEZE_S)
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return  # the rescue was quicker


async def _serving(copy: Copy, office: Office, part: str, before: int | None) -> None:
    """Wait until *part* runs under another process id than *before*, and the centre says that it is ready."""
    async for attempt in stamina.retry_context(
        on=(AssertionError, aiohttp.ClientError, TimeoutError),
        attempts=None,
        timeout=BACK_S,
        wait_initial=0.02,
        wait_max=0.05,
        wait_jitter=0,
    ):
        with attempt:
            assert _pid(copy, part) not in {None, before}
            async with asyncio.timeout(1):
                await office.get("/readyz")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
