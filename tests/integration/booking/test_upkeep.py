"""What the booking does by itself, also when the database comes and goes."""

import pytest

from agents.ports import Unavailable
from booking.office import open_office
from booking.upkeep import Upkeep
from storage import migrate, open_pool
from telephony.record import JST
from tests.integration.booking.office import Clock, Notes, booking_plan
from tests.postgres_fixture import Cluster


async def test_slots_follow_the_plan_and_the_day_and_the_database_may_be_away(
    private_postgres: Cluster,
) -> None:
    await migrate(private_postgres.url)
    pool = await open_pool(private_postgres.url, name="upkeep-test", lean=True)
    clock, plans = Clock(), [booking_plan()]
    office = open_office(pool, lambda: plans[-1], clock, Notes())
    upkeep = Upkeep(pool, office, clock, JST)

    async def last_day() -> str:
        return str(await pool.fetchval("SELECT max(starts_at)::date FROM slots WHERE NOT closed"))

    await upkeep.once()
    assert await last_day() == "2026-12-15"
    clock.on(days=1)
    await upkeep.once()
    assert await last_day() == "2026-12-16"
    private_postgres.kill()
    plans.append(booking_plan(channels=[{"name": "operator", "horizon_days": 2}]))
    with pytest.raises(Unavailable):
        await upkeep.once()
    private_postgres.start()
    await upkeep.once()
    assert await last_day() == "2026-12-16"  # what lies behind the horizon is not closed, only not offered
    pool.terminate()
