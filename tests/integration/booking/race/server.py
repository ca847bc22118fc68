"""The server of the race, a process of its own so that it can be killed: ``python -m … URL PORT HOME``."""

import asyncio
import sys
from pathlib import Path

import uvloop

from config.schema.booking import Booking
from tests.integration.booking.office import booking_centre

DESKS = 4
SLOTS = 200


def race_plan() -> Booking:
    """Return 200 slots of four seats: five venues, ten hours, on the two days from the clock's on."""
    hours = [{"days": ["mon", "tue"], "opens": "09:00", "closes": "19:00"}]
    counter = {"name": "card", "title": "窓口", "desks": DESKS, "services": ["collection"]}
    venues = [
        {
            "name": f"venue-{n}",
            "title": f"会場{n}",
            "address": "松阪市",
            "hours": hours,
            "counters": [counter],
        }
        for n in range(5)
    ]
    services = [{"name": "collection", "title": "受取", "minutes": 30}]
    channels = [{"name": "operator", "horizon_days": 3}]
    return Booking.model_validate({"channels": channels, "services": services, "venues": venues})


async def main(database: str, port: int, home: Path) -> None:
    """Serve until killed."""
    async with booking_centre(database, home, race_plan(), port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
