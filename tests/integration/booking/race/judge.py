"""Compares what clients were told with what PostgreSQL holds. Knows nothing of how the server works."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import asyncpg

from tests.integration.booking.race.server import DESKS

_OVERBOOKED = """
SELECT slot, sum(people) AS people FROM reservations WHERE state = 'booked' GROUP BY slot
HAVING sum(people) > $1
"""
_ALL = "SELECT id, slot || '-' || service AS slot, state, version FROM reservations"
_SEATS = "SELECT count(*) FROM seats WHERE reservation IS NOT NULL"
_EFFECTS = (
    "SELECT reservation, array_agg(version ORDER BY version) AS versions FROM reservation_history GROUP BY 1"
)
_SENT = "SELECT key FROM outbox ORDER BY key"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is not as promised, one sentence each, by the promise that it breaks."""

    over_capacity: list[str]
    missing: list[str]
    untold: list[str]
    different: list[str]
    second_effects: list[str]
    unsent: list[str]

    @property
    def faults(self) -> list[str]:
        """Return all of it."""
        by_promise = (self.over_capacity, self.missing, self.untold, self.different, self.second_effects)
        return [*chain.from_iterable(by_promise), *self.unsent]


async def judge(database: str, ledger: Mapping[str, Mapping[str, Any]]) -> Judgement:
    """Compare."""
    connection = await asyncpg.connect(database)
    try:
        crowded = await connection.fetch(_OVERBOOKED, DESKS)
        kept = {row["id"]: dict(row) for row in await connection.fetch(_ALL)}
        seats = await connection.fetchval(_SEATS)
        versions = {row["reservation"]: row["versions"] for row in await connection.fetch(_EFFECTS)}
        sent = [row["key"] for row in await connection.fetch(_SENT)]
    finally:
        await connection.close()
    both = ledger.keys() & kept.keys()
    over = [f"slot {row['slot']} has {row['people']} people" for row in crowded]
    return Judgement(
        over_capacity=over + _seats_and_people(seats, kept),
        missing=[f"{number} was acknowledged and is missing" for number in ledger.keys() - kept.keys()],
        untold=[f"{number} is there and nobody was told" for number in kept.keys() - ledger.keys()],
        different=[each for number in both for each in _difference(ledger[number], kept[number])],
        second_effects=[
            f"{number} has the history {versions.get(number)}, told {ledger[number]['version']} effects"
            for number in both
            if versions.get(number) != list(range(1, ledger[number]["version"] + 1))
        ],
        unsent=_outbox(versions, sent),
    )


def _difference(told: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    same = {name: told[name] for name in ("id", "slot", "state", "version")}
    return [] if same == kept else [f"told {same}, kept {kept}"]


def _seats_and_people(seats: int, kept: Mapping[str, Mapping[str, Any]]) -> list[str]:
    booked = sum(row["state"] == "booked" for row in kept.values())
    return [] if seats == booked else [f"{seats} seats are taken by {booked} reservations of one person"]


def _outbox(versions: Mapping[str, list[int]], sent: list[str]) -> list[str]:
    expected = sorted(f"reservation:{number}:{v}" for number, each in versions.items() for v in each)
    if sorted(sent) == expected:
        return []
    return [f"the outbox has {len(sent)} entries for {len(expected)} changes"]
