"""Compares what clients were told with what PostgreSQL holds. Knows nothing of how the server works."""

from collections.abc import Mapping
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


async def judge(database: str, ledger: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return everything that is not as promised, one sentence each."""
    connection = await asyncpg.connect(database)
    try:
        faults = [
            f"slot {row['slot']} has {row['people']} people"
            for row in await connection.fetch(_OVERBOOKED, DESKS)
        ]
        kept = {row["id"]: dict(row) for row in await connection.fetch(_ALL)}
        seats = await connection.fetchval(_SEATS)
        versions = {row["reservation"]: row["versions"] for row in await connection.fetch(_EFFECTS)}
        sent = [row["key"] for row in await connection.fetch(_SENT)]
    finally:
        await connection.close()
    faults += [f"{number} was acknowledged and is missing" for number in ledger.keys() - kept.keys()]
    faults += [f"{number} is there and nobody was told" for number in kept.keys() - ledger.keys()]
    for number in ledger.keys() & kept.keys():
        told = {name: ledger[number][name] for name in ("id", "slot", "state", "version")}
        if told != kept[number]:
            faults.append(f"told {told}, kept {kept[number]}")
        if versions.get(number) != list(range(1, told["version"] + 1)):
            faults.append(f"{number} has the history {versions.get(number)}, told {told['version']} effects")
    booked = sum(row["state"] == "booked" for row in kept.values())
    if seats != booked:
        faults.append(f"{seats} seats are taken by {booked} reservations of one person")
    expected = sorted(f"reservation:{number}:{v}" for number, each in versions.items() for v in each)
    if sorted(sent) != expected:
        faults.append(f"the outbox has {len(sent)} entries for {len(expected)} changes")
    return faults
