"""Sessions: kept over restarts of the controller and of the database, ended when they must end."""

import asyncio
import time
from pathlib import Path

import asyncpg
import pytest
import stamina

from agents.people import Credentials, Person
from agents.ports import Unavailable
from agents.roster_store import RosterTable
from agents.session_store import SessionTable
from agents.sessions import IDLE_S, LONGEST_S, Sessions
from agents.web.desk import close_ended_desks
from storage import Pool, migrate, open_pool
from tests.integration.agents.centre import Running, agent_of, running_centre
from tests.integration.agents.test_throttle import Clock
from tests.integration.agents.test_web import problem
from tests.postgres_fixture import Cluster


async def pool_with_sato(url: str) -> Pool:
    """Return a pool to a database in which sato has an account."""
    pool = await open_pool(url, name="test")
    await RosterTable(pool).put_all([Person.answering(agent_of("sato", "201", "operator"), Credentials("x"))])
    return pool


async def test_a_restarted_controller_knows_who_is_signed_in(database_url: str) -> None:
    pool = await pool_with_sato(database_url)
    before = Sessions(SessionTable(pool))
    token, session = before.begin("sato")
    ended, _ = before.begin("sato")
    await before.write()
    found = before.find(ended)
    assert found is not None
    await before.end(found)

    after = Sessions(SessionTable(pool))
    await after.load()
    assert after.find(token) == session, "the same CSRF token too"
    assert after.find(ended) is None
    await pool.close()


async def test_only_a_hash_of_the_token_is_kept(database_url: str) -> None:
    pool = await pool_with_sato(database_url)
    sessions = Sessions(SessionTable(pool))
    token, session = sessions.begin("sato")
    await sessions.write()
    row = await pool.fetchrow("SELECT sessions::text AS told FROM sessions")
    assert row is not None
    assert token not in row["told"]
    assert session.csrf not in row["told"]
    await pool.close()


@pytest.mark.parametrize(("step", "limit"), [(IDLE_S, IDLE_S), (IDLE_S / 2, LONGEST_S)])
async def test_a_session_ends_when_idle_and_after_the_longest_shift(
    database_url: str, step: float, limit: float
) -> None:
    clock = Clock()
    pool = await pool_with_sato(database_url)
    sessions = Sessions(SessionTable(pool), clock)
    began = clock.now
    token, _ = sessions.begin("sato")
    while clock.now - began + step < limit:
        clock.now += step
        assert sessions.find(token) is not None
    clock.now += step
    assert sessions.find(token) is None
    await sessions.write()
    assert await pool.fetchval("SELECT count(*) FROM sessions") == 0
    await pool.close()


async def test_an_open_desk_keeps_a_session_from_idling(centre: Running) -> None:
    clock = Clock()
    clock.now = time.time()
    centre.parts.sessions._clock = clock  # noqa: SLF001 - lets hours pass
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        await desk.next("snapshot")
        (kept,) = centre.parts.sessions._sessions.values()  # noqa: SLF001
        for _ in range(4):
            clock.now += IDLE_S * 0.75
            assert centre.parts.sessions.still_open(kept.id)
        assert (await browser.get("/api/session")).status == 200


async def test_a_desk_outlives_its_session_until_the_call_is_over(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.web.desk.LOOK_EVERY_S", 0.02)
    clock = Clock()
    clock.now = time.time()
    centre.parts.sessions._clock = clock  # noqa: SLF001 - lets hours pass
    looking = asyncio.create_task(close_ended_desks(centre.parts))
    floor = centre.floor
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        await desk.next("snapshot")
        floor.ready("sato")
        call = floor.arrive("c1")
        await floor.choose(call)
        await desk.next("offer")
        floor.answer(call)
        await desk.next("offer_ended")
        clock.now += LONGEST_S
        assert (await browser.get("/api/session")).status == 401
        await asyncio.sleep(0.1)  # several looks: what must not happen has no event
        assert not desk.socket.closed
        floor.leave(call)
        await desk.say("disposition", call=call, disposition="予約")
        await desk.say("state", state="ready")
        async with asyncio.timeout(2):
            while not desk.socket.closed:
                await desk.socket.receive()
    looking.cancel()


async def test_a_database_that_restarts_signs_nobody_out(private_postgres: Cluster, tmp_path: Path) -> None:
    await migrate(private_postgres.url)
    async with (
        running_centre(private_postgres.url, tmp_path) as centre,
        centre.signed_in("sato") as browser,
        centre.desk(browser) as desk,
    ):
        await desk.next("snapshot")
        private_postgres.stop()
        assert (await browser.get("/api/session")).status == 200
        await desk.say("state", state="paused", reason="lunch")
        assert (await desk.next("agent"))["agent"]["state"] == "paused"
        async with centre.signed_in("suzuki") as late:
            assert (await late.get("/api/session")).status == 200, "signing in works too"
            private_postgres.start()
            await centre.parts.sessions.write()
            assert await kept_sessions(private_postgres.url) == {"sato", "suzuki"}
            assert (await browser.get("/api/session")).status == 200


async def kept_sessions(url: str) -> set[str]:
    """Return whose sessions PostgreSQL has."""
    connection = await asyncpg.connect(url)
    try:
        return {row["name"] for row in await connection.fetch("SELECT name FROM sessions")}
    finally:
        await connection.close()


async def test_a_start_without_the_database_sends_nobody_to_the_sign_in_page(centre: Running) -> None:
    """The old cookie may be good: the answer is to try again, and not to sign in."""
    async with centre.signed_in("sato") as browser:
        await centre.parts.sessions.write()
        centre.parts.sessions._sessions.clear()  # noqa: SLF001 - a restart
        centre.parts.sessions.are_known = False
        assert await problem(await browser.get("/api/session")) == (503, "unavailable")
        await centre.parts.sessions.load()
        assert (await browser.get("/api/session")).status == 200


async def test_old_sessions_are_known_as_soon_as_the_database_is_back(
    private_postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.sessions.RETRY_S", 0.05)
    await migrate(private_postgres.url)
    pool = await pool_with_sato(private_postgres.url)
    before = Sessions(SessionTable(pool))
    token, _ = before.begin("sato")
    await before.write()
    private_postgres.stop()
    after = Sessions(SessionTable(pool))
    running = asyncio.create_task(after.run())
    late, _ = after.begin("sato")
    with pytest.raises(Unavailable):
        await after.load()
    private_postgres.start()
    async for attempt in stamina.retry_context(on=AssertionError, wait_max=0.1, timeout=5, attempts=None):
        with attempt:
            assert after.are_known
    assert after.find(token) is not None
    assert after.find(late) is not None
    running.cancel()
    await asyncio.wait({running})
    await pool.close()


async def test_an_ending_without_the_database_is_made_up_for(private_postgres: Cluster) -> None:
    await migrate(private_postgres.url)
    pool = await pool_with_sato(private_postgres.url)
    sessions = Sessions(SessionTable(pool))
    token, session = sessions.begin("sato")
    await sessions.write()
    private_postgres.stop()
    await sessions.end(session)
    assert sessions.find(token) is None
    with pytest.raises(Unavailable):
        await sessions.write()
    private_postgres.start()
    await sessions.write()
    assert await kept_sessions(private_postgres.url) == set()
    await pool.close()
