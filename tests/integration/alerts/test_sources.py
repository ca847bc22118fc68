"""What the rules look at, read from the real database, the real model and the disk."""

from datetime import timedelta
from pathlib import Path

import pytest

from booking.messages.lateness import LateMessages, late_messages
from madoguchi.alerts.rates import rates
from madoguchi.alerts.sources import disk_of, floor_of
from storage import open_pool
from telephony.model.calendar import Calendar
from telephony.model.events import PhoneChanged
from telephony.model.ids import AgentName, Instant
from telephony.record import JST
from tests.call_rows import TEN, Row, insert
from tests.integration.messages.centre import telling
from tests.unit.agents.floor import Floor
from tests.unit.model.plans import plan


async def test_rates_are_those_of_the_reports_with_what_is_to_come(database_url: str) -> None:
    """A centre that is always open: 20 calls today until noon, 10 of them lost, 40 on a usual day."""
    noon = TEN.replace(hour=12)
    today = [Row("answered", 5, at=TEN, agent="sato") for _ in range(10)]
    today += [Row("abandoned", 60, at=TEN) for _ in range(10)]
    usual = [
        Row("answered", 5, at=TEN - timedelta(days=day), agent="sato")
        for day in range(1, 29)
        for _ in range(40)
    ]
    pool = await open_pool(database_url, name="test")
    await insert(pool, [*today, *usual, Row("closed", at=TEN), Row("short_abandoned", 1, at=TEN)])
    found = await rates(pool, plan(), Calendar(plan().hours, JST), noon)
    await pool.close()
    assert (found.day.so_far.offered, found.day.so_far.answered) == (20, 10)
    assert found.day.to_come == pytest.approx(20.0)
    assert found.day.best == pytest.approx(100 * 30 / 40)
    assert found.day.forecast == pytest.approx(100 * (10 + 0.9 * 20) / 40)
    assert found.month.so_far.offered == 20 + 27 * 40
    assert found.month.to_come == pytest.approx(20.0 + 3 * 40)


def test_who_is_there_and_who_only_seems_to_be() -> None:
    floor = Floor()
    seen = floor_of(floor.engine)
    assert (seen.open, seen.staffed, seen.phones_lost, seen.longest_wait_s) == (True, False, (), 0.0)
    assert len(seen.unstaffed) == len(floor.plan.queues)
    floor.ready("sato", "suzuki")
    seen = floor_of(floor.engine)
    assert seen.staffed
    assert 0 < len(seen.unstaffed) < len(floor.plan.queues)
    for name in ("sato", "suzuki"):
        floor.engine.submit(PhoneChanged(AgentName(name), registered=False))
    seen = floor_of(floor.engine)
    assert (seen.staffed, len(seen.phones_lost)) == (False, 2)


async def test_the_longest_wait_is_of_whoever_stands_in_line() -> None:
    floor = Floor()
    call = floor.arrive("waits")
    await floor.choose(call)
    assert floor_of(floor.engine).longest_wait_s < 60
    floor.engine.centre.floor.calls[call].waiting_since = Instant(floor.engine.now() - 400)
    assert 399 < floor_of(floor.engine).longest_wait_s < 460
    floor.ready("sato")
    floor.answer(call)
    assert floor_of(floor.engine).longest_wait_s == 0


def test_a_disk_has_some_room(tmp_path: Path) -> None:
    seen = disk_of(tmp_path)
    assert 0 < seen.free_percent < 100
    assert seen.free_bytes > 0


async def test_messages_are_late_when_they_could_have_gone_out_long_ago(
    database_url: str, tmp_path: Path
) -> None:
    async with telling(database_url, tmp_path) as centre:
        await centre.book((await centre.slots())[0])
        pool, rules, clock = centre.booking.pool, centre.booking.plan[-1].messages, centre.booking.clock
        await pool.execute(
            """INSERT INTO citizen_messages (key, reservation, version, slot, kind, channel, created_at)
            SELECT id || way, id, 1, slot, 'confirmation', way, $1
            FROM reservations, unnest('{sms,email}'::text[]) way""",
            clock.now,
        )
        hour = timedelta(hours=1)
        assert await late_messages(pool, rules, hour, clock.now) == LateMessages(0, None)
        later, night = clock.now + 2 * hour, clock.now.replace(hour=23)
        assert (await late_messages(pool, rules, hour, later)).count == 2
        assert (await late_messages(pool, rules, hour, night)).count == 1
        await pool.execute("UPDATE citizen_messages SET state = 'sent', settled_at = now()")
        assert (await late_messages(pool, rules, hour, later)).count == 0
