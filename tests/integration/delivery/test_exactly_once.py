"""A thousand failures of receiver and sender: the city has each change once, in order, as it was."""

import asyncio
import time
from collections import Counter
from pathlib import Path

from booking.delivery.change import Change, body_of
from storage import Pool, open_pool
from tests.receiver.running import SECRET, RunningReceiver, end, nurse, receiver

RESERVATIONS, VERSIONS = 300, 4
FAULTS, KILLS = 0.49, 0.008
PATIENCE_S = 90.0

_INSERT = """
INSERT INTO outbox (kind, key, payload)
SELECT
    CASE version WHEN 1 THEN 'reservation.created' WHEN $2 THEN 'reservation.cancelled'
        ELSE 'reservation.moved' END,
    'reservation:' || number || ':' || version,
    jsonb_build_object('id', number::text, 'version', version, 'name', '松阪 花子', 'read_back', '[]'::jsonb)
FROM generate_series(100000001, 100000000 + $1) AS number,
    generate_series($3::integer, $4::integer) AS version
ORDER BY number, version
"""
_ALL = """
SELECT id, key, kind, reservation, version, created_at, attempts, file, payload FROM outbox ORDER BY id
"""


async def test_each_change_arrives_once_and_in_order_through_a_thousand_failures(
    database_url: str, tmp_path: Path
) -> None:
    secret = tmp_path / "delivery.secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    pool = await open_pool(database_url, name="test")
    began = time.monotonic()
    async with receiver(tmp_path, faults=FAULTS) as city:
        await pool.execute(_INSERT, RESERVATIONS, VERSIONS, 1, 2)
        arguments = (database_url, city.url, str(secret), str(KILLS), "1")
        sender = await nurse("tests.receiver.deliverer", *arguments)
        try:
            await _until_some_arrived(city)
            await pool.execute(_INSERT, RESERVATIONS, VERSIONS, 3, VERSIONS)  # the sender is at work
            secret.with_suffix(".last").touch()
            async with asyncio.timeout(PATIENCE_S):
                said, _ = await sender.communicate()
        finally:
            await end(sender)
        kills, faults = (
            int(said.split()[-1]),
            Counter(kind for (kind,) in city.rows("SELECT kind FROM faults")),
        )
        _show(city, kills, faults, time.monotonic() - began)
        assert city.rows("SELECT what FROM complaints") == []
        assert await _as_sent(pool) == {
            key: bytes(body) for key, body in city.rows("SELECT key, body FROM got")
        }
    assert kills + faults.total() >= 1_000
    assert kills > 0
    assert len(faults) == 8  # every kind of fault happened
    assert await pool.fetchval("SELECT count(*) FROM outbox WHERE state <> 'delivered'") == 0
    await pool.close()


async def _until_some_arrived(city: RunningReceiver) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not city.rows("SELECT 1 FROM got LIMIT 1"):  # noqa: ASYNC110 -- another process's database
            await asyncio.sleep(0.02)


async def _as_sent(pool: Pool) -> dict[str, bytes]:
    changes = [Change(**dict(row)) for row in await pool.fetch(_ALL)]
    return {change.key: body_of(change) for change in changes}


def _show(city: RunningReceiver, kills: int, faults: Counter[str], seconds: float) -> None:
    counted = dict(city.rows("SELECT name, count FROM counted"))
    (got,) = city.rows("SELECT count(*) FROM got")[0]
    print(  # noqa: T201 -- the figures that this test is for; pytest -s shows them
        f"\n{got} changes of {RESERVATIONS} reservations in {seconds:.1f} s: {counted['requests']} requests, "
        f"{counted['repeats']} repeats of what was there, {faults.total()} failures of the receiver "
        f"{dict(faults)}, {kills} kills of the sender"
    )
