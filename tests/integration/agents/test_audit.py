"""The audit trail: what stands in it, that it cannot be changed unseen, and what survives which death."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from agents.audit.chain import START, link
from agents.audit.entry import LONGEST_TEXT, Entry
from agents.audit.spool import Spool
from agents.audit.table import AuditFilter, AuditTable
from agents.audit.trail import Trail
from agents.ports import Unavailable
from agents.web.rules import ROUTES
from storage import Pool, migrate, open_pool
from tests.integration.agents.centre import PASSWORD, Running
from tests.integration.agents.test_web import problem
from tests.postgres_fixture import Cluster
from tests.unit.telephony_records import RECORD

ROOT = Path(__file__).parents[3]


def entry(number: int) -> Entry:
    return Entry("sato", "operator", "desk.hangup", f"call-{number}", "192.0.2.1", "ok")


async def rows_of(centre: Running, **wanted: Any) -> list[dict[str, Any]]:
    """Return the trail's rows, oldest first, once everything is carried over."""
    await centre.parts.trail.carry_all()
    return (await centre.parts.trail.table.find(AuditFilter(**wanted)))[::-1]


# --- what stands in it -------------------------------------------------------------------------------------


async def test_reads_of_personal_data_and_writes_stand_there_with_who_and_result(centre: Running) -> None:
    centre.shelf.records = {"own": {**RECORD, "id": "own"}, "other": {**RECORD, "id": "other", "agent": "x"}}
    async with centre.signed_in("sato") as browser:
        await browser.get("/api/calls/own")
        await browser.get("/api/calls/other")
        await browser.get("/api/calls?since=2026-12-01&limit=5")
        await browser.post("/api/agents/sato/state", json={"state": "ready"})
        await browser.post("/api/agents", json={})
        await browser.get("/api/queues")
    seen = [(row["who"], row["what"], row["object"], row["result"]) for row in await rows_of(centre)]
    assert seen == [
        ("sato", "POST /api/session", "accounts/sato", "ok"),
        ("sato", "GET /api/calls/{id}", "calls/own", "ok"),
        ("sato", "GET /api/calls/{id}", "calls/other", "refused: not-found"),
        ("sato", "GET /api/calls", "calls", "ok"),
        ("sato", "POST /api/agents/{name}/state", "agents/sato/state", "ok"),
        ("sato", "POST /api/agents", "agents", "refused: not-allowed"),
    ]
    rows = await rows_of(centre)
    assert {row["role"] for row in rows} == {"operator"} | {rows[0]["role"]}
    assert rows[3]["detail"] == {"since": "2026-12-01", "limit": "5"}
    assert all(row["source"] == "127.0.0.1" for row in rows)


def test_only_reads_that_show_nobodys_data_are_left_out() -> None:
    left_out = {f"{route.method} {route.path}" for route in ROUTES if route.allow and not route.audited}
    assert left_out == {
        "GET /api/status",
        "GET /api/session",
        "GET /api/agents",
        "GET /api/agents/{name}",
        "GET /api/queues",
        "GET /api/commands",
        "GET /api/figures",
    }


async def test_what_people_type_is_hidden(centre: Running) -> None:
    async with centre.cli() as cli, centre.client() as browser:
        await cli.patch("/api/agents/sato", json={"title": "佐藤 秘密", "new_password": True})
        await browser.post("/api/session", json={"user": PASSWORD, "password": PASSWORD})
        await browser.post("/api/session", json={"user": "sato", "password": "guess", "totp": "123456"})
    rows = await rows_of(centre)
    told = orjson.dumps(rows).decode()
    for secret in ("秘密", PASSWORD, "guess", "123456"):
        assert secret not in told
    assert rows[0]["detail"] == {"title": "***", "new_password": "***"}
    assert [(row["who"], row["result"]) for row in rows[1:]] == [
        ("unknown", "refused: wrong-password"),
        ("sato", "refused: wrong-password"),
    ]


async def test_the_desk_notes_what_was_asked_and_who_was_shown(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        call = centre.floor.arrive("c1")
        await centre.floor.choose(call)
        offer = await desk.next("offer")
        await desk.ask("reject", offer="no such")
        await desk.say("reject", offer=offer["offer"])
        await desk.ask("hangup")
    assert centre.floor.shown == [("sato", "c1")]
    rows = await rows_of(centre)
    assert [(row["what"], row["object"], row["result"]) for row in rows[1:]] == [
        ("POST /api/desk/ticket", "desk/ticket", "ok"),
        ("GET /api/desk", "desk", "ok"),
        ("desk.reject", "no such", "refused: offer-ended"),
        ("desk.reject", offer["offer"], "ok"),
        ("desk.hangup", "desk", "refused: not-your-call"),
    ]


async def test_the_command_line_says_which_user_of_the_machine_typed(centre: Running) -> None:
    async with centre.cli() as cli:
        headers = {"X-Madoguchi-System-User": "root"}
        await cli.post("/api/agents/sato/state", json={"state": "ready"}, headers=headers)
    (row,) = await rows_of(centre)
    assert (row["who"], row["role"], row["detail"]) == (
        "cli",
        "ops",
        {"state": "ready", "system_user": "root"},
    )


async def test_strangers_cannot_fill_it(centre: Running) -> None:
    async with centre.client() as stranger:
        for _ in range(5):
            await stranger.get("/api/calls")
            await stranger.post("/api/agents", json={})
    assert await rows_of(centre) == []
    huge = Entry("x" * 10_000, "ops", "w", "\0\ud800", "s", "r", {"k" * 999: "v" * 999}).as_row()
    assert len(huge["who"]) == LONGEST_TEXT
    assert huge["object"] == "??"
    assert max(map(len, [*huge["detail"], *huge["detail"].values()])) == LONGEST_TEXT


# --- the chain ---------------------------------------------------------------------------------------------


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """A pool to a database of the test's own."""
    opened = await open_pool(database_url, name="test", size=8)
    yield opened
    await opened.close()


async def test_the_database_itself_refuses_every_change(pool: Pool) -> None:
    await AuditTable(pool).add([entry(1).as_row()])
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await pool.execute(statement)


async def test_many_writers_make_one_chain(pool: Pool) -> None:
    """Two controllers during a take-over, and a batch that is delivered twice."""
    table = AuditTable(pool)
    batches = [[entry(10 * batch + number).as_row() for number in range(10)] for batch in range(20)]
    await asyncio.gather(*(table.add(batch) for batch in (*batches, *batches)))
    rows = (await table.find(AuditFilter()))[::-1]
    assert [row["seq"] for row in rows] == list(range(1, 201))
    assert (await table.verify(None)).problem is None


async def test_anybody_can_compute_the_chain_again(pool: Pool) -> None:
    """With what is written in `agents.audit.chain` and nothing else."""
    table = AuditTable(pool)
    await table.add([entry(number).as_row() for number in range(3)])
    previous = START
    for row in (await table.find(AuditFilter()))[::-1]:
        told = {name: value for name, value in row.items() if name not in {"hash", "seq"}}
        assert row["hash"] == link(previous, row["seq"], told).hex()
        previous = bytes.fromhex(row["hash"])


TAMPERING = {
    "a changed row": ("UPDATE audit SET who = 'somebody' WHERE seq = 4", 4, "4 was changed"),
    "a changed detail": ("""UPDATE audit SET detail = '{"a": "b"}' WHERE seq = 4""", 4, "4 was changed"),
    "a row taken out": ("DELETE FROM audit WHERE seq = 4", 4, "4 is missing"),
    "the first taken out": ("DELETE FROM audit WHERE seq = 1", 1, "1 is missing"),
    "the end cut off": ("DELETE FROM audit WHERE seq > 7", 8, "the end was cut off"),
    "a forged hash": ("UPDATE audit SET hash = sha256('x') WHERE seq = 4", 4, "4 was changed"),
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found_and_the_first_broken_link_is_named(
    pool: Pool, tmp_path: Path, how: str
) -> None:
    """By somebody who owns the database and switches the trigger off."""
    trail = Trail(tmp_path / "audit.sqlite", AuditTable(pool))
    for number in range(10):
        trail.note(entry(number))
    await trail.carry_all()
    assert (await trail.table.verify(await trail.head())).problem is None
    statement, place, said = TAMPERING[how]
    await pool.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
    await pool.execute(statement)
    verdict = await trail.table.verify(await trail.head())
    assert verdict.broken_at == place
    assert said in (verdict.problem or "")
    await trail.close()


async def test_a_chain_that_was_computed_anew_is_found_by_what_this_machine_has_seen(
    pool: Pool, tmp_path: Path
) -> None:
    trail = Trail(tmp_path / "audit.sqlite", AuditTable(pool))
    rows = [entry(number).as_row() for number in range(5)]
    await trail.table.add(rows)
    trail.note(entry(6))
    await trail.carry_all()
    last = (await trail.table.find(AuditFilter(limit=1)))[0]
    await pool.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
    await pool.execute("TRUNCATE audit")
    forged = [{**row, "who": "somebody else"} for row in rows]
    await trail.table.add([*forged, {name: last[name] for name in rows[0]}])
    assert (await trail.table.verify(None)).problem is None, "by itself the forged chain is whole"
    verdict = await trail.table.verify(await trail.head())
    assert verdict.broken_at == 6
    assert "the chain was rewritten" in (verdict.problem or "")
    await trail.close()


# --- what dies ---------------------------------------------------------------------------------------------

_WRITER = """
import asyncio, sys
from pathlib import Path
from agents.audit.entry import Entry
from agents.audit.trail import Trail

async def main():
    trail = Trail(Path(sys.argv[1]), None)
    for number in range(1_000_000):
        trail.note(Entry("sato", "operator", "w", str(number), "s", "ok"))
        await trail.settled()
        print(number, flush=True)

asyncio.run(main())
"""


async def test_what_was_settled_survives_kill_minus_nine(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "audit.sqlite"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, str(file), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert writer.stdout is not None
    told = []
    async for line in writer.stdout:
        told += [int(line)] if line.endswith(b"\n") else []
        if told[-1] == 50:
            writer.kill()
    await writer.wait()
    last = max(told)
    trail = Trail(file, AuditTable(pool))
    await trail.carry_all()
    objects = {row["object"] for row in await trail.table.find(AuditFilter(limit=10_000))}
    assert {str(number) for number in range(last + 1)} <= objects
    await trail.close()


async def test_the_trail_goes_on_without_the_database_and_is_carried_over_once(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    await migrate(private_postgres.url)
    pool = await open_pool(private_postgres.url, name="test")
    trail = Trail(tmp_path / "audit.sqlite", AuditTable(pool))
    trail.note(entry(0))
    await trail.carry_all()
    private_postgres.stop()
    for number in range(1, 30):
        trail.note(entry(number))
    await trail.settled()
    with pytest.raises(Unavailable):
        await trail.carry()
    assert await trail.depth() == 29
    private_postgres.start()
    batch = Spool(tmp_path / "audit.sqlite").waiting(10)
    await trail.table.add(batch.rows)  # killed before it was acknowledged
    await trail.carry_all()
    rows = (await trail.table.find(AuditFilter()))[::-1]
    assert [row["object"] for row in rows] == [f"call-{number}" for number in range(30)]
    assert await trail.depth() == 0
    await trail.close()
    await pool.close()


async def test_a_trail_that_cannot_be_written_closes_what_it_must_note_and_nothing_else(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.audit.trail.RETRY_S", 0.05)
    monkeypatch.setattr("agents.audit.trail.SETTLE_LIMIT_S", 0.2)
    full = True
    append = Spool.append

    def on_a_full_disk(spool: Spool, entries: list[Entry]) -> None:
        if full:
            raise sqlite3.OperationalError("database or disk is full")
        append(spool, entries)

    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk, centre.cli() as cli:
        await desk.next("snapshot")
        monkeypatch.setattr(Spool, "append", on_a_full_disk)
        answer = await cli.post("/api/agents/suzuki/state", json={"state": "ready"})
        assert await problem(answer) == (503, "unavailable")
        assert await problem(await browser.get("/api/calls")) == (503, "unavailable")
        answer = await cli.delete("/api/agents/suzuki")
        assert await problem(answer) == (503, "unavailable")
        assert (await cli.get("/api/agents/suzuki")).status == 200, "not done, because it cannot be noted"
        assert (await browser.get("/api/queues")).status == 200
        await desk.say("state", state="paused", reason="lunch")
        while (await desk.next("agent"))["agent"]["state"] != "paused":
            pass
        full = False
        await centre.parts.trail.settled()
        assert (await browser.get("/api/calls")).status == 200
    whats = [row["what"] for row in await rows_of(centre)]
    assert "desk.state" in whats
    assert "POST /api/agents/{name}/state" in whats, "what was done is noted afterwards"
