"""The floor as a browser sees it: who may watch, snapshot, deltas, resume, figures from real records."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
import pytest

from agents.floor.figures import follow
from storage import open_pool
from telephony.figures import day_of
from telephony.record import JST
from tests.call_rows import Row, insert
from tests.integration.agents.centre import Desk, Running

FLOOR = "/api/floor"


@asynccontextmanager
async def watching(
    centre: Running, seq: int | None = None, user: str = "tanaka"
) -> AsyncIterator[tuple[aiohttp.ClientSession, Desk]]:
    async with centre.signed_in(user) as browser, centre.desk(browser, seq, FLOOR) as floor:
        yield browser, floor


async def test_the_floor_begins_with_a_snapshot_and_goes_on_with_what_changes(centre: Running) -> None:
    call = centre.floor.arrive("c1")
    await centre.floor.choose(call)
    async with watching(centre) as (_, floor):
        snapshot = await floor.next()
        assert "snapshot" == snapshot["type"]
        assert ["waiting"] == [each["state"] for each in snapshot["calls"]]
        assert {"sato", "suzuki", "tanaka"} == {each["name"] for each in snapshot["agents"]}
        assert {"booking"} <= {each["name"] for each in snapshot["queues"]}
        centre.floor.ready("sato")
        delta = await floor.next()
        assert ("delta", snapshot["seq"] + 1) == (delta["type"], delta["seq"])
        assert [("c1", "offered")] == [(each["id"], each["state"]) for each in delta["calls"]]


async def test_who_comes_back_goes_on_where_the_line_was_cut(centre: Running) -> None:
    async with centre.signed_in("mori") as browser, centre.desk(browser, path=FLOOR) as stays:
        await stays.next()
        async with centre.desk(browser, path=FLOOR) as floor:
            seq = (await floor.next())["seq"]
        centre.floor.ready("sato")
        expected = await stays.next()
        async with centre.desk(browser, seq, FLOOR) as again:
            assert expected == await again.next()


@pytest.mark.parametrize(("user", "status"), [("sato", 403), ("okada", 101), ("mori", 101)])
async def test_only_who_may_see_everybody_may_watch(centre: Running, user: str, status: int) -> None:
    async with centre.signed_in(user) as browser:
        ticket = (await (await browser.post("/api/desk/ticket")).json())["ticket"]
        if status == 101:
            async with browser.ws_connect(FLOOR, params={"ticket": ticket}) as socket:
                assert '"snapshot"' in await socket.receive_str(timeout=3)
        else:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await browser.ws_connect(FLOOR, params={"ticket": ticket})
            assert status == refused.value.status


async def test_whoever_says_something_is_shown_out(centre: Running) -> None:
    async with watching(centre) as (_, floor):
        await floor.next()
        await floor.say("hangup")
        closed = await floor.socket.receive(timeout=3)
        assert (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.POLICY_VIOLATION) == (closed.type, closed.data)


async def test_signing_out_closes_the_floor(centre: Running) -> None:
    async with watching(centre) as (browser, floor):
        await floor.next()
        await browser.delete("/api/session")
        closed = await floor.socket.receive(timeout=3)
        assert aiohttp.WSCloseCode.GOING_AWAY == closed.data


async def test_figures_come_from_the_records_and_reach_page_and_api_alike(
    centre: Running, database_url: str
) -> None:
    pool = await open_pool(database_url, name="rows")
    today, _ = day_of(datetime.now(JST), JST)
    rows = [Row("answered", 10, at=today, queue="booking", agent="sato")] * 19
    await insert(pool, [*rows, Row("abandoned", 40, at=today), Row("closed", at=today)])
    await pool.close()
    feed = centre.parts.desk.floor
    following = asyncio.create_task(follow(feed, centre.parts.figures, centre.parts.plan))
    try:
        async with watching(centre) as (browser, floor):
            message = await floor.next()
            while not message.get("figures"):
                message = await floor.next()
            shown = await (await browser.get("/api/figures")).json()
    finally:
        following.cancel()
    assert (95.0, 1, 20) == tuple(
        message["figures"]["today"][n] for n in ("answer_rate", "may_be_lost", "offered")
    )
    assert message["figures"]["today"] == shown["today"]
    assert {"promised": 0, "overdue": 0} == shown["callbacks"]
    assert "90%" in shown["definitions"]["answer_rate"]
