"""Cases: opened on a call, worked on by the right people one after another, late ones shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.desk.alerts import Alerts
from agents.roles import Role
from booking.cases.overdue import OverdueWatch
from booking.cases.wishes import CaseWish
from booking.shapes import Actor, Once
from config.logs import HIDDEN
from tests.integration.booking.rooms import MY_NUMBER, RoomsCentre, said
from tests.integration.commands import commands

SATO = Actor("sato", Role.OPERATOR)
CALLBACK = {"kind": "city_callback", "content": "転出先での受取の可否を市に確かめたい", "name": "松阪 花子"}
COMPLAINT = {"kind": "complaint", "content": "案内された持ち物が違っていた", "caller": "0598-53-1234"}


async def opened(centre: RoomsCentre, user: str = "sato", **wish: Any) -> dict[str, Any]:
    """Open a case as *user*."""
    async with centre.running.signed_in(user) as client:
        status, case = await said(await client.post("/api/cases", json=CALLBACK | wish))
    assert status == 201, case
    return case


async def test_a_city_callback_is_opened_on_a_call_seen_and_done_by_the_city(rooms: RoomsCentre) -> None:
    case = await opened(rooms, call="call-1")
    assert (case["caller"], case["waits_for"], case["state"]) == ("+819012345678", "city", "open")
    assert case["due_at"] == "2026-12-08T08:00:00.000+09:00"
    assert rooms.calls.noted == [("call-1", "C1001")]
    path = f"/api/cases/{case['number']}"
    async with rooms.running.signed_in("shimizu") as city:
        (shown,) = (await said(await city.get("/api/cases?view=city&state=unfinished")))[1]["cases"]
        seen = {"version": shown["version"], "state": "seen"}
        status, case = await said(await city.patch(path, json=seen))
        assert (status, case["state"], case["version"]) == (200, "seen", 2)
        status, refused = await said(await city.patch(path, json={"version": 1, "state": "done"}))
        assert (status, refused["code"], refused["version"]) == (409, "changed-meanwhile", 2)
        assert "読み直して" in refused["detail"]
        done = {"version": 2, "state": "done", "note": "12月7日 本人に電話済み"}
        status, case = await said(await city.patch(path, json=done))
        assert (status, case["waits_for"]) == (200, None)
        assert (await said(await city.get("/api/cases?view=city&state=unfinished")))[1]["cases"] == []
    steps = [(step["by"], step["state"], step["note"]) for step in case["history"]]
    assert steps == [
        ("sato", "open", None),
        ("shimizu", "seen", None),
        ("shimizu", "done", "12月7日 本人に電話済み"),
    ]


async def test_only_whose_work_it_is_moves_a_case_on(rooms: RoomsCentre) -> None:
    number = (await opened(rooms))["number"]
    path = f"/api/cases/{number}"
    async with rooms.running.signed_in("sato") as operator, rooms.running.signed_in("mori") as manager:
        done = {"version": 1, "state": "done"}
        assert (await said(await operator.patch(path, json=done)))[1]["code"] == "not-allowed"
        status, refused = await said(await manager.patch(path, json=done))
        assert (status, refused["errors"][0]["field"]) == (422, "note")
        assert (await manager.patch(path, json=done | {"note": "市の担当者から電話"})).status == 200
        reopened = await said(await manager.patch(path, json={"version": 2, "state": "open", "note": "誤り"}))
        assert reopened[1]["state"] == "open"
        again = await said(await manager.patch(path, json={"version": 3, "state": "open", "note": "誤り"}))
        assert (again[0], again[1]["code"]) == (409, "not-possible")


async def test_an_operator_sees_the_own_cases_and_everybodys_work(rooms: RoomsCentre) -> None:
    mine, others = await opened(rooms), await opened(rooms, "suzuki")
    message = (
        "INSERT INTO cases (kind, opened_at, summary) VALUES ('message', now(), '伝言') RETURNING number"
    )
    left = await rooms.pool.fetchval(message)
    async with rooms.running.signed_in("sato") as operator:
        found = (await said(await operator.get("/api/cases")))[1]["cases"]
        assert {case["number"] for case in found} == {mine["number"], left}
        assert (await operator.get(f"/api/cases/{others['number']}")).status == 404
        change = {"version": 1, "content": "書き換え"}
        assert (await operator.patch(f"/api/cases/{others['number']}", json=change)).status == 404
        assert (
            await operator.patch(f"/api/cases/{left}", json={"version": 1, "state": "done"})
        ).status == 200
    async with rooms.running.signed_in("shimizu") as city:
        assert len((await said(await city.get("/api/cases")))[1]["cases"]) == 3
        status, refused = await said(await city.patch(f"/api/cases/{mine['number']}", json=change))
        assert (status, refused["code"]) == (403, "not-allowed")
        assert (
            await city.patch(f"/api/cases/{mine['number']}", json={"version": 1, "note": "了解"})
        ).status == 200


async def test_a_complaint_is_done_with_its_report_only(rooms: RoomsCentre) -> None:
    case = await opened(rooms, **COMPLAINT)
    assert (case["caller"], case["due_at"]) == ("+81598531234", "2026-12-07T16:00:00.000+09:00")
    path = f"/api/cases/{case['number']}"
    async with rooms.running.signed_in("tanaka") as chief:
        status, refused = await said(await chief.patch(path, json={"version": 1, "state": "done"}))
        assert (status, refused["errors"][0]["field"]) == (422, "report")
        finished = {"version": 1, "state": "done", "report": "お詫びし、正しい持ち物を案内した。"}
        status, case = await said(await chief.patch(path, json=finished))
    assert (status, case["details"]["report"]) == (200, "お詫びし、正しい持ち物を案内した。")
    assert case["history"][-1]["changes"] == {"report": [None, "お詫びし、正しい持ち物を案内した。"]}
    with pytest.raises(Exception, match="cases_complaint_done_has_a_report"):
        await rooms.pool.execute("UPDATE cases SET details = '{}'")


async def test_what_is_wrong_is_said_at_once_and_opens_nothing(rooms: RoomsCentre) -> None:
    async with rooms.running.signed_in("sato") as operator:
        for wish, field in (
            (CALLBACK | {"content": f"番号は {MY_NUMBER} です"}, "content"),
            (CALLBACK | {"name": "１２３４ ５６７８ ９０１８"}, "name"),
            (CALLBACK | {"content": ""}, "content"),
            (CALLBACK | {"caller": "何番"}, "caller"),
            (CALLBACK | {"call": "call-9"}, "call"),
            (CALLBACK | {"to": "nobody"}, "to"),
            (CALLBACK | {"due_at": "2020-01-01T00:00:00+09:00"}, "due_at"),
            (CALLBACK | {"kind": "message"}, "kind"),
            (CALLBACK | {"surprise": 1}, "surprise"),
        ):
            status, refused = await said(await operator.post("/api/cases", json=wish))
            assert (status, [fault["field"] for fault in refused["errors"]]) == (422, [field]), wish
    assert await rooms.pool.fetchval("SELECT count(*) FROM cases") == 0


async def test_a_repeated_request_opens_one_case_also_after_a_restart(rooms: RoomsCentre) -> None:
    """The server's memory of repeats is passed by: the database answers."""
    wish, once = CaseWish.model_validate(CALLBACK), Once("sato", "POST /api/cases", "k", b"digest")
    first, second = [await rooms.rooms.cases.open(wish, SATO, once) for _ in range(2)]
    assert first.content["number"] == second.content["number"]
    assert await rooms.pool.fetchval("SELECT count(*) FROM cases") == 1


async def test_who_opened_and_who_read_it_stands_in_the_trail_without_what_was_said(
    rooms: RoomsCentre,
) -> None:
    number = (await opened(rooms))["number"]
    async with rooms.running.signed_in("shimizu") as city:
        await city.get(f"/api/cases/{number}")
    await rooms.running.parts.trail.carry_all()
    kept = await rooms.pool.fetch("SELECT who, what, object, detail FROM audit WHERE what LIKE '%/cases%'")
    assert [(row["who"], row["what"], row["object"]) for row in kept] == [
        ("sato", "POST /api/cases", "cases"),
        ("shimizu", "GET /api/cases/{id}", f"cases/{number}"),
    ]
    assert kept[0]["detail"] == {"kind": "city_callback", "content": HIDDEN, "name": HIDDEN}


async def test_late_cases_are_listed_and_alerted_until_they_are_done(rooms: RoomsCentre) -> None:
    number = (await opened(rooms))["number"]
    told: list[tuple[str, bool]] = []
    alerts = Alerts(lambda alert: told.append((alert.key, alert.closed_at is None)))
    watch = OverdueWatch(rooms.pool, alerts, rooms.clock)
    await watch.once()
    assert told == []
    rooms.clock.on(hours=25)
    await watch.once()
    assert number in alerts.open[0].text
    async with rooms.running.signed_in("shimizu") as city:
        (late,) = (await said(await city.get("/api/cases?due=overdue")))[1]["cases"]
        assert late["overdue"]
        await city.patch(f"/api/cases/{number}", json={"version": 1, "state": "done"})
        assert (await said(await city.get("/api/cases?due=overdue")))[1]["cases"] == []
    await watch.once()
    assert told == [("cases.overdue", True), ("cases.overdue", False)]


async def test_the_command_line_lists_opens_and_sets(
    rooms: RoomsCentre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = commands(rooms.running, tmp_path, monkeypatch, capfd)
    status, out, _ = await command("cases", "open", "city_callback", "--content", "住所変更の相談", "--json")
    number = json.loads(out)["number"]
    assert status == 0
    assert number in (await command("cases"))[1]
    assert "city" in (await command("cases", "show", number))[1]
    status, _, refused = await command("cases", "set", number, "--state", "done")
    assert (status, "市に代わって" in refused) == (1, True)
    assert (await command("cases", "set", number, "--state", "done", "--note", "市から連絡"))[0] == 0
    status, _, refused = await command("cases", "set", number, "--note", "x", "--version", "1")
    assert (status, "読み直して" in refused) == (1, True)
    assert json.loads((await command("cases", "--state", "unfinished", "--json"))[1]) == {"cases": []}
