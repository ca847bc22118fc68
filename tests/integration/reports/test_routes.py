"""Reports over HTTP and on the command line: who may read them, in which form, and what is refused."""

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from reports.routes import ReportHandlers, ReportShape
from storage import open_pool
from tests.call_rows import TEN, Row, insert
from tests.integration.agents.centre import Running, running_centre
from tests.integration.agents.test_matrix import ROLES
from tests.integration.commands import commands
from tests.unit.model.plans import plan

MAY = {"supervisor", "manager", "city", "ops"}
MATRIX = dict.fromkeys(
    (
        "GET /api/reports/{kind}",
        "GET /api/reports/{kind}/csv",
        "GET /api/reports/{kind}/xlsx",
        "GET /api/reports/{kind}/page",
        "GET /api/export/calls",
    ),
    " ".join(sorted(MAY)),
)
PATHS = ("/api/reports/daily", "/api/reports/monthly/csv", "/api/reports/daily/page", "/api/export/calls")
ROWS = [
    *(Row("answered", 5, at=TEN, agent="sato") for _ in range(17)),
    *(Row("abandoned", 60, at=TEN) for _ in range(2)),
    Row("abandoned", 60, at=TEN - timedelta(days=1)),
    Row("closed", at=TEN + timedelta(hours=9)),
]


@asynccontextmanager
async def reporting(database: str, home: Path) -> AsyncIterator[Running]:
    """Run a centre with some calls; it is 20:00 on the same day."""
    pool = await open_pool(database, name="test")
    await insert(pool, ROWS)
    now = TEN.replace(hour=20)
    handlers = ReportHandlers(pool, plan, lambda: {"sato": "佐藤"}, lambda: now)
    async with running_centre(database, home, handlers.routes()) as centre:
        yield centre
    await pool.close()


async def test_who_may_read_reports(database_url: str, tmp_path: Path) -> None:
    async with reporting(database_url, tmp_path) as centre:
        for role, user in ROLES.items():
            refused = 401 if user is None else 403
            async with centre.client() if user is None else centre.signed_in(user) as browser:
                for path in PATHS:
                    answer = await browser.get(path)
                    assert answer.status == (200 if role in MAY else refused), (role, path)


async def test_a_day_in_every_form_says_the_same(database_url: str, tmp_path: Path) -> None:
    async with reporting(database_url, tmp_path) as centre, centre.cli() as cli:
        day = {"for": "2026-12-28"}
        found = await (await cli.get("/api/reports/daily", params=day)).json()
        ReportShape.model_validate(found)
        figures = {each["name"]: each["value"] for each in found["figures"]}
        assert (figures["offered"], figures["answered"], figures["answer_rate"]) == (19, 17, 89.5)
        assert (figures["goal_met"], found["complete"], figures["outside"]) == ("未達", False, 1)
        (agents,) = (table for table in found["tables"] if table["name"] == "agents")
        assert agents["rows"][0][:2] == ["佐藤", 17]

        answer = await cli.get("/api/reports/daily/csv", params=day)
        assert answer.headers["Content-Disposition"] == 'attachment; filename="daily-2026-12-28.csv"'
        text = (await answer.read()).decode("utf-8-sig")
        assert ["応答率（%）", "89.5"] in list(csv.reader(io.StringIO(text, newline="")))

        answer = await cli.get("/api/reports/daily/page", params=day)
        assert answer.content_type == "text/html"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert "89.5" in await answer.text()

        month = await (await cli.get("/api/reports/monthly", params={"for": "2026-12"})).json()
        days = next(table for table in month["tables"] if table["name"] == "days")
        assert [row[:3] for row in days["rows"]] == [["2026-12-27", 1, 0], ["2026-12-28", 19, 17]]


REFUSED = (
    ("/api/reports/weekly", {}, 404),
    ("/api/reports/%00", {}, 404),
    ("/api/reports/daily", {"for": "gestern"}, 422),
    ("/api/reports/daily", {"for": "1899-01-01"}, 422),
    ("/api/reports/daily/csv", {"for": "2026-13"}, 422),
    ("/api/reports/daily/page", {"until": "2026-12-01"}, 422),
    ("/api/export/calls", {"since": "2026-12-28", "until": "2026-12-27"}, 422),
    ("/api/export/calls", {"since": "2026-01-01", "until": "2026-12-27"}, 422),
)


async def test_what_cannot_be_reported_is_refused_with_a_sentence(database_url: str, tmp_path: Path) -> None:
    async with reporting(database_url, tmp_path) as centre, centre.cli() as cli:
        for path, query, status in REFUSED:
            answer = await cli.get(path, params=query)
            said = await answer.json(content_type=None)
            assert answer.status == status, (path, query)
            assert said["detail"].endswith("."), (path, query)


async def test_every_call_is_exported_oldest_first(database_url: str, tmp_path: Path) -> None:
    async with reporting(database_url, tmp_path) as centre, centre.signed_in("shimizu") as city:
        query = {"since": "2026-12-27", "until": "2026-12-29"}
        text = (await (await city.get("/api/export/calls", params=query)).read()).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(rows) == len(ROWS)
        assert [row["開始"] for row in rows] == sorted(row["開始"] for row in rows)
        await centre.parts.trail.carry_all()


async def test_reports_on_the_command_line(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with reporting(database_url, tmp_path) as centre:
        command = commands(centre, tmp_path, monkeypatch, capfd)
        capfd.readouterr()  # what was logged until now
        said = (await command("report", "daily", "--for", "2026-12-28"))[1]
        assert "応答率（%）" in said
        assert "佐藤" in said
        out = tmp_path / "report"
        forms = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "html": b"<!doctype html>", "json": b"{"}
        for form, begins in forms.items():
            status, said, _ = await command(
                "report", "monthly", "--for", "2026-12", "--format", form, "--out", str(out)
            )
            assert (status, "bytes" in said) == (0, True)
            assert out.read_bytes().startswith(begins)
        assert json.loads(out.read_text(encoding="utf-8"))["kind"] == "monthly"
        assert (
            await command(
                "report", "calls", "--since", "2026-12-27", "--until", "2026-12-29", "--out", str(out)
            )
        )[0] == 0
        assert len(out.read_text(encoding="utf-8").splitlines()) == len(ROWS) + 1
        assert (await command("report", "daily", "--format", "csv"))[0] == 2
        assert (
            "cannot be written" in (await command("report", "calls", "--out", str(tmp_path / "no" / "x")))[2]
        )
