"""Recordings are heard for a reason, remarks and scorecards are kept, and each role gets what is its own."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from booking.quality.wishes import CallQuality, ScorecardList
from booking.rooms import open_quality
from config.schema import Centre
from storage import Pool, open_pool
from tests.call_rows import TEN, Row, insert
from tests.integration.agents.centre import Running, running_centre
from tests.integration.agents.test_matrix import ROLES
from tests.integration.booking.office import Clock
from tests.integration.commands import commands
from tests.unit.model.plans import plan

FORM = {
    "criteria": [
        {"name": "opening", "title": "名乗り", "most": 5},
        {"name": "accuracy", "title": "正確な案内", "most": 10},
    ]
}
SOUND = bytes(range(256)) * 40
SATO, SUZUKI, CLOSED, WITHOUT, OUTSIDE, GONE = (f"row-{place}" for place in range(6))
WHY = {"reason": "苦情の確認"}
LISTENS = {"supervisor", "manager", "city", "ops"}
JUDGES = {"supervisor", "manager", "ops"}
MATRIX = {
    "GET /api/calls/{id}/recording": "city manager ops supervisor",
    "GET /api/calls/{id}/quality": "manager operator ops supervisor",
    "POST /api/calls/{id}/marks": "manager ops supervisor",
    "DELETE /api/calls/{id}/marks/{mark}": "manager ops supervisor",
    "PUT /api/calls/{id}/scorecard": "manager ops supervisor",
    "GET /api/quality": "manager operator ops supervisor",
}
"""Who may; every line is tried below."""


@dataclass
class Heard:
    """The centre, its calls and its plan."""

    running: Running
    pool: Pool
    plans: list[Centre]


@asynccontextmanager
async def heard(database: str, home: Path) -> AsyncIterator[Heard]:
    """Run a centre: calls of sato and suzuki, one that nobody answered, and recordings of all kinds."""
    pool = await open_pool(database, name="test")
    answered = [Row("answered", 5, at=TEN, agent=agent) for agent in ("sato", "suzuki")]
    others = [Row("answered", 5, at=TEN, agent="sato") for _ in range(3)]
    await insert(pool, [*answered, Row("abandoned", 60, at=TEN), *others])
    folder = home / "recordings"
    folder.mkdir()
    (folder / "sato.wav").write_bytes(SOUND)
    (home / "secret.wav").write_bytes(b"secret")
    digest = hashlib.sha256(SOUND).hexdigest()
    for call, file, sha256 in (
        (SATO, "sato.wav", digest),
        (SUZUKI, "suzuki.wav", None),
        (OUTSIDE, "../secret.wav", digest),
        (GONE, "gone.wav", digest),
    ):
        size = None if sha256 is None else len(SOUND)
        await pool.execute(
            "INSERT INTO recordings (call_id, file, sha256, bytes, seconds) VALUES ($1, $2, $3, $4, $5)",
            *(call, file, sha256, size, None if size is None else 60.0),
        )
    plans = [plan(quality=FORM)]
    async with running_centre(
        database, home, open_quality(pool, lambda: plans[-1], Clock(), folder)
    ) as running:
        yield Heard(running, pool, plans)
    await pool.close()


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Heard]:
    async with heard(database_url, tmp_path) as running:
        yield running


async def test_every_role_gets_exactly_what_is_its_own(centre: Heard) -> None:
    for role, user in ROLES.items():
        refused = 401 if user is None else 403
        async with centre.running.client() if user is None else centre.running.signed_in(user) as browser:

            async def status(method: str, path: str, **options: object) -> int:
                return (await browser.request(method, path, **options)).status  # type: ignore[arg-type]

            assert await status("GET", f"/api/calls/{SATO}/recording", params=WHY) == (
                200 if role in LISTENS else refused
            ), role
            own, other = [await status("GET", f"/api/calls/{call}/quality") for call in (SATO, SUZUKI)]
            assert own == (200 if role in {*JUDGES, "operator"} else refused), role
            assert other == (200 if role in JUDGES else refused), role
            for method, path in (
                ("POST", f"/api/calls/{SATO}/marks"),
                ("DELETE", f"/api/calls/{SATO}/marks/1"),
                ("PUT", f"/api/calls/{SATO}/scorecard"),
            ):
                found = await status(method, path, json={})
                assert found in ({404, 422} if role in JUDGES else {refused}), (role, path)
            assert await status("GET", "/api/quality") == (200 if role in {*JUDGES, "operator"} else refused)


async def test_a_recording_is_played_in_parts_and_whoever_heard_it_stands_in_the_trail(centre: Heard) -> None:
    path = f"/api/calls/{SATO}/recording"
    async with centre.running.signed_in("tanaka") as browser:
        whole = await browser.get(path, params=WHY)
        assert await whole.read() == SOUND
        assert (whole.content_type, whole.headers["Accept-Ranges"]) == ("audio/wav", "bytes")
        assert whole.headers["Cache-Control"] == "no-store"
        part = await browser.get(path, params=WHY, headers={"Range": "bytes=100-199"})
        assert (part.status, await part.read()) == (206, SOUND[100:200])
        assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
        beyond = await browser.get(path, params=WHY, headers={"Range": f"bytes={len(SOUND)}-"})
        assert beyond.status == 416
        for why in ({}, {"reason": "  "}, {"reason": "x" * 201}, {"reason": "マイナンバー123456789018"}):
            refused = await browser.get(path, params=why)
            assert (refused.status, (await refused.json())["code"]) == (422, "invalid"), why
    await centre.running.parts.trail.carry_all()
    rows = await centre.pool.fetch(
        "SELECT who, object, result, detail FROM audit WHERE what LIKE '%/recording'"
    )
    heard_it = [row for row in rows if row["result"] == "ok"]
    assert [(row["who"], row["object"]) for row in heard_it] == [("tanaka", f"calls/{SATO}/recording")] * 3
    assert {row["detail"]["reason"] for row in heard_it} == {WHY["reason"]}


async def test_what_cannot_be_played_is_not_there(centre: Heard) -> None:
    async with centre.running.cli() as cli:
        for call in (SUZUKI, CLOSED, WITHOUT, OUTSIDE, GONE, "none", "%00", "x" * 300):
            answer = await cli.get(f"/api/calls/{call}/recording", params=WHY)
            assert (answer.status, (await answer.json())["code"]) == (404, "not-found"), call


async def scored(
    browser: aiohttp.ClientSession, points: object, call: str = SATO, **more: object
) -> aiohttp.ClientResponse:
    return await browser.put(f"/api/calls/{call}/scorecard", json={"points": points, **more})


async def test_remarks_and_cards_of_several_assessors_stand_side_by_side(centre: Heard) -> None:
    running = centre.running
    async with (
        running.signed_in("tanaka") as tanaka,
        running.signed_in("mori") as mori,
        running.signed_in("sato") as sato,
    ):
        for browser, at_s, text in ((tanaka, 12.5, "名乗りがない"), (mori, 3.0, "よい確認")):
            made = await browser.post(f"/api/calls/{SATO}/marks", json={"at_s": at_s, "text": text})
            assert made.status == 201
        assert (await scored(tanaka, {"opening": 1, "accuracy": 8})).status == 200
        assert (await scored(tanaka, {"opening": 2, "accuracy": None}, comment="次は名乗りを")).status == 200
        assert (await scored(mori, {"opening": 5, "accuracy": 10})).status == 200

        shown = await (await sato.get(f"/api/calls/{SATO}/quality")).json()
        CallQuality.model_validate(shown)
        assert [(mark["at_s"], mark["by"]) for mark in shown["marks"]] == [(3.0, "mori"), (12.5, "tanaka")]
        cards = {card["by"]: (card["reached"], card["most"], card["percent"]) for card in shown["scorecards"]}
        assert cards == {"tanaka": (2, 5, 40.0), "mori": (15, 15, 100.0)}

        listed = await (await sato.get("/api/quality", params={"agent": "suzuki"})).json()
        ScorecardList.model_validate(listed)
        assert listed["averages"] == [{"agent": "sato", "scorecards": 2, "percent": 85.0}]
        assert (await (await mori.get("/api/quality", params={"agent": "suzuki"})).json())["scorecards"] == []

        first, second = (mark["id"] for mark in shown["marks"])
        assert (await tanaka.delete(f"/api/calls/{SATO}/marks/{first}")).status == 404
        assert (await tanaka.delete(f"/api/calls/{SATO}/marks/{second}")).status == 204
        assert (await mori.delete(f"/api/calls/{SATO}/marks/{first}")).status == 204


async def test_a_card_keeps_the_form_it_was_filled_in_with(centre: Heard) -> None:
    async with centre.running.signed_in("mori") as mori:
        await scored(mori, {"opening": 5, "accuracy": 5})
        centre.plans.append(
            plan(quality={"criteria": [{"name": "opening", "title": "新しい項目", "most": 3}]})
        )
        shown = await (await mori.get(f"/api/calls/{SATO}/quality")).json()
        assert [line["title"] for line in shown["form"]] == ["新しい項目"]
        assert [line["title"] for line in shown["scorecards"][0]["points"]] == ["名乗り", "正確な案内"]
        centre.plans.append(plan())
        assert (await scored(mori, {"opening": 1})).status == 409


UNFIT: tuple[object, ...] = (
    {},
    {"opening": 5},
    {"opening": 6, "accuracy": 1},
    {"opening": -1, "accuracy": 1},
    {"opening": 1.5, "accuracy": 1},
    {"opening": "5", "accuracy": 1},
    {"opening": 1, "accuracy": 1, "charm": 1},
    {"opening": None, "accuracy": None},
    [],
)


async def test_points_that_do_not_fit_the_form_are_refused(centre: Heard) -> None:
    async with centre.running.cli() as cli:
        for points in UNFIT:
            answer = await scored(cli, points)
            assert (answer.status, (await answer.json())["code"]) == (422, "invalid"), points
        assert await centre.pool.fetchval("SELECT count(*) FROM scorecards") == 0


async def test_what_nobody_said_cannot_be_judged(centre: Heard) -> None:
    async with centre.running.cli() as cli:
        assert (await scored(cli, {"opening": 1, "accuracy": 1}, CLOSED)).status == 409
        for mark in (
            {"at_s": 61, "text": "x"},
            {"at_s": -1, "text": "x"},
            {"at_s": 1, "text": "123456789018"},
        ):
            answer = await cli.post(f"/api/calls/{SATO}/marks", json=mark)
            assert (answer.status, (await answer.json())["code"]) == (422, "invalid"), mark


async def test_quality_on_the_command_line(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with heard(database_url, tmp_path) as centre:
        command = commands(centre.running, tmp_path, monkeypatch, capfd)
        capfd.readouterr()  # what was logged until now
        out = tmp_path / "call.wav"
        assert (await command("quality", "recording", SATO, "--out", str(out)))[0] == 2
        assert (await command("quality", "recording", SATO, "--reason", "研修のため", "--out", str(out)))[
            0
        ] == 0
        assert out.read_bytes() == SOUND
        assert out.stat().st_mode & 0o777 == 0o600
        assert "at 12.5 s" in (await command("quality", "mark", SATO, "名乗りがない", "--at", "12.5"))[1]
        assert (
            "12 of 15 points (80.0 %)"
            in (await command("quality", "score", SATO, "opening=4", "accuracy=8"))[1]
        )
        assert "4 of 5 points" in (await command("quality", "score", SATO, "opening=4", "accuracy=-"))[1]
        assert (await command("quality", "score", SATO, "opening"))[0] == 2
        assert (
            "「名乗り」は 5 点まで" in (await command("quality", "score", SATO, "opening=9", "accuracy=-"))[2]
        )
        shown = json.loads((await command("quality", "show", SATO, "--json"))[1])
        assert "名乗りがない" in (await command("quality", "show", SATO))[1]
        assert (await command("quality", "unmark", SATO, str(shown["marks"][0]["id"])))[0] == 0
        assert "sato" in (await command("quality", "list", "--agent", "sato"))[1]
