"""The real delivery in a process that is killed between any two of its steps (``tests.receiver.nursery``).

Arguments: DATABASE URL SECRET-FILE KILLS SEED. Its clock is its own: pauses cost no time. It ends when
everything is settled and the file ``SECRET-FILE.last`` says that nothing more will come.
"""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from booking.delivery.cases import CaseTable
from booking.delivery.change import Change
from booking.delivery.delivering import Delivering
from booking.delivery.store import Key, Store
from booking.outgoing.surroundings import Surroundings
from booking.wording import japanese_time
from config.schema.booking import Booking
from storage import Pool, open_pool

PATIENCE_S = 0.15
PAUSES = {"first_pause_s": 1, "longest_pause_s": 4}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What every life shares."""

    database: str
    url: str
    secret: Path
    kills: float
    chance: random.Random


def prepare(database: str, url: str, secret: str, kills: str, seed: str) -> Prepared:
    """Read the arguments."""
    return Prepared(database, url, Path(secret), float(kills), random.Random(seed))


def live(prepared: Prepared) -> None:
    """Deliver until everything is settled, or killed."""
    # Another fate in every life, or it would die at the same place for ever.
    prepared.chance.seed(f"{prepared.chance.random()}:{os.getpid()}")
    asyncio.run(_deliver(prepared))


class DyingStore(Store):
    """Kills its own process before it can write down what happened, by chance."""

    def __init__(self, pool: Pool, kills: float, chance: random.Random) -> None:
        super().__init__(pool, CaseTable())
        self._kills, self._chance = kills, chance

    async def heads(self, now: datetime, most: int) -> list[Change]:
        self._perhaps_die()
        return await super().heads(now, most)

    async def delivered(self, keys: Sequence[Key], now: datetime) -> int:
        self._perhaps_die()
        return await super().delivered(keys, now)

    async def later(self, key: Key, reason: str, not_before: datetime) -> None:
        self._perhaps_die()
        await super().later(key, reason, not_before)

    def _perhaps_die(self) -> None:
        if self._chance.random() < self._kills:
            os.kill(os.getpid(), signal.SIGKILL)


async def _deliver(prepared: Prepared) -> None:
    pool = await open_pool(prepared.database, name="deliverer")
    store = DyingStore(pool, prepared.kills, prepared.chance)
    now = max(japanese_time(), await pool.fetchval("SELECT max(next_at) FROM outbox") or japanese_time())
    rules = {"adapter": "http", "url": prepared.url, "timeout_s": PATIENCE_S, **PAUSES}
    plan = Booking.model_validate({"delivery": rules})
    around = Surroundings(clock=lambda: now, chance=prepared.chance)
    delivering = Delivering(store, lambda: plan, prepared.secret, around)
    last = prepared.secret.with_suffix(".last")
    while not last.exists() or await pool.fetchval(
        "SELECT EXISTS (SELECT FROM outbox WHERE state = 'pending')"
    ):
        await delivering.once()
        now += timedelta(seconds=PAUSES["longest_pause_s"])
    await pool.close()
