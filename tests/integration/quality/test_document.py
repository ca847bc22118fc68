"""What ``/api/openapi.json`` says of alerts, reports and the quality of calls is true."""

from pathlib import Path
from typing import Any

from agents.desk.alerts import Alerts, Severity
from agents.web.routes import Route
from agents.web.rules import ROUTES
from booking.rooms import open_quality
from config.settings import Settings
from madoguchi.alerts.assembly import open_posting
from madoguchi.alerts.routes import AlertHandlers
from reports.routes import ReportHandlers
from storage import Pool, open_pool
from tests.call_rows import TEN, Row, insert
from tests.integration.agents.centre import running_centre
from tests.integration.agents.test_openapi import judged
from tests.integration.quality.test_quality import FORM, WHY
from tests.unit.model.plans import plan

CALL = "row-0"


def routes_of(pool: Pool, home: Path) -> list[Route]:
    """Return the routes of the three rooms, with an alert that is open."""
    alerts, centre = Alerts(lambda _: None), plan(quality=FORM)
    alerts.raise_alert("disk.full", Severity.WARNING, "空きが9%です。", "disk-full")
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(home)})
    return [
        *AlertHandlers(open_posting(settings, alerts, plan)).routes(),
        *ReportHandlers(pool, plan, dict, lambda: TEN).routes(),
        *open_quality(pool, lambda: centre, lambda: TEN, home),
    ]


async def test_real_answers_are_as_the_document_says(database_url: str, tmp_path: Path) -> None:
    async with await open_pool(database_url, name="test") as pool:
        await insert(pool, [Row("answered", 5, at=TEN, agent="sato")])
        (tmp_path / "a.wav").write_bytes(b"RIFF")
        await pool.execute(
            "INSERT INTO recordings (call_id, file, sha256, bytes, seconds) VALUES ($1, 'a.wav', $2, 4, 9)",
            *(CALL, "0" * 64),
        )
        routes = routes_of(pool, tmp_path)
        async with running_centre(database_url, tmp_path, routes) as running, judged(running) as (cli, judge):

            async def ask(method: str, path: str, name: str = CALL, **options: Any) -> Any:
                real = path
                for part in ("{id}", "{key}", "{kind}", "{mark}"):
                    real = real.replace(part, name if part != "{mark}" else options.pop("mark", "1"))
                return await judge(method, path, await cli.request(method, real, **options))

            await ask("GET", "/api/alerts")
            for key in ("disk.full", "none"):
                await ask("POST", "/api/alerts/{key}/acknowledgement", key)
            await ask("GET", "/api/reports/{kind}/xlsx", "weekly")  # a good one is no text to be judged
            for path in (f"/api/reports/{{kind}}{form}" for form in ("", "/csv", "/page")):
                for kind, day in (
                    ("daily", "2026-12-28"),
                    ("monthly", "2026-12"),
                    ("weekly", ""),
                    ("daily", "x"),
                ):
                    await ask("GET", path, kind, params={"for": day} if day else {})
            for query in ({}, {"since": "2026-12-28", "until": "2026-12-29"}, {"since": "x"}):
                await ask("GET", "/api/export/calls", params=query)
            for call in (CALL, "none"):
                await ask("GET", "/api/calls/{id}/recording", call, params=WHY)
                await ask("GET", "/api/calls/{id}/quality", call)
                await ask("POST", "/api/calls/{id}/marks", call, json={"at_s": 1, "text": "ここ"})
                points = {"opening": 1, "accuracy": None}
                await ask("PUT", "/api/calls/{id}/scorecard", call, json={"points": points})
            await ask("GET", "/api/calls/{id}/recording")
            await ask("PUT", "/api/calls/{id}/scorecard", json={"points": 1})
            for mark in ("1", "1", "x"):
                await ask("DELETE", "/api/calls/{id}/marks/{mark}", mark=mark)
            assert (await ask("GET", "/api/quality"))["averages"]
        below = {f"{route.method} {route.path}" for route in ROUTES}
        asked = {f"{method} {path}" for method, path, _ in judge.judged}
        assert running.routes - below == asked
