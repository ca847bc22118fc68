"""Alerts over HTTP and on the command line: who sees them, who takes them on, what operators are spared."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agents.desk.alerts import Alerts, Severity
from agents.web.shapes import AlertShape
from config.settings import Settings
from madoguchi.alerts.assembly import open_posting
from madoguchi.alerts.routes import AlertHandlers, AlertList
from tests.integration.agents.centre import Running, running_centre
from tests.integration.agents.test_matrix import ROLES
from tests.integration.commands import commands
from tests.unit.model.plans import plan

MAY = {"supervisor", "manager", "ops"}
MATRIX = dict.fromkeys(("GET /api/alerts", "POST /api/alerts/{key}/acknowledgement"), " ".join(sorted(MAY)))


def raise_two(alerts: Alerts) -> None:
    """Raise one that concerns everybody, and one that concerns those who run the floor."""
    text = "データベースに接続できません。"
    alerts.raise_alert("database.unreachable", Severity.CRITICAL, text, "database-unreachable")
    alerts.raise_alert("disk.full", Severity.WARNING, "空きが9%です。", "disk-full", everyone=False)


@asynccontextmanager
async def alerted(database: str, home: Path) -> AsyncIterator[tuple[Running, Alerts]]:
    """Run a centre with two alerts."""
    alerts = Alerts(lambda _: None)
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(home)})
    handlers = AlertHandlers(open_posting(settings, alerts, plan))
    raise_two(alerts)
    async with running_centre(database, home, handlers.routes()) as centre:
        yield centre, alerts


async def test_who_sees_alerts_and_who_takes_them_on(database_url: str, tmp_path: Path) -> None:
    async with alerted(database_url, tmp_path) as (centre, alerts):
        for role, user in ROLES.items():
            refused = 401 if user is None else 403
            async with centre.client() if user is None else centre.signed_in(user) as browser:
                listed = await browser.get("/api/alerts")
                taken = await browser.post("/api/alerts/disk.full/acknowledgement")
                assert {listed.status, taken.status} == ({200} if role in MAY else {refused}), role
                for odd in ("none", "%00", "x" * 300):
                    answer = await browser.post(f"/api/alerts/{odd}/acknowledgement")
                    assert answer.status == (404 if role in MAY else refused), (role, odd)
        by = [alert.acknowledged_by for alert in alerts.open]
        assert by == [None, "tanaka"]


async def test_what_is_shown_of_alerts(database_url: str, tmp_path: Path) -> None:
    async with alerted(database_url, tmp_path) as (centre, alerts), centre.cli() as cli:
        taken = await (await cli.post("/api/alerts/disk.full/acknowledgement")).json()
        assert AlertShape.model_validate(taken).acknowledged_by == "cli"
        alerts.close("disk.full")
        shown = await (await cli.get("/api/alerts")).json()
        AlertList.model_validate(shown)
        assert [alert["key"] for alert in shown["alerts"]] == ["database.unreachable"]
        assert [alert["key"] for alert in shown["closed"]] == ["disk.full"]
        assert shown["closed"][0]["closed_at"] is not None
        assert shown["told"]["mail"] == {"in_use": False, "waiting": 0, "trouble": None}


async def test_the_command_line_lists_alerts_and_takes_one_on(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with alerted(database_url, tmp_path) as (centre, _):
        command = commands(centre, tmp_path, monkeypatch, capfd)
        capfd.readouterr()  # what was logged until now
        listed = json.loads((await command("alerts", "--json"))[1])
        assert [alert["key"] for alert in listed["alerts"]] == ["database.unreachable", "disk.full"]
        assert "disk.full is looked after by cli." in (await command("alert", "disk.full"))[1]
        assert (await command("alert", "nothing"))[:1] == (1,)
        assert "No alert has closed lately." in (await command("alerts", "--closed"))[1]


async def test_operators_are_spared_what_is_for_those_who_run_the_floor(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        running_centre(database_url, tmp_path) as centre,
        centre.signed_in("sato") as operator,
        centre.signed_in("tanaka") as supervisor,
        centre.desk(operator) as at_phone,
        centre.desk(supervisor) as on_floor,
    ):
        for desk in (at_phone, on_floor):
            assert (await desk.next("snapshot"))["alerts"] == []
        raise_two(centre.parts.desk.alerts)
        centre.parts.desk.alerts.close("database.unreachable")
        centre.parts.desk.announce("tanaka", "以上です")
        heard = [(await on_floor.next())["key"] for _ in range(3)]
        assert heard == ["database.unreachable", "disk.full", "database.unreachable"]
        assert [(await at_phone.next("alert"))["key"] for _ in range(2)] == ["database.unreachable"] * 2
        async with centre.desk(operator) as late:
            assert (await late.next("snapshot"))["alerts"] == []
