"""Outreach: the gate with its figures, one target for each operator, and what the database holds to."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from booking.outreach.calling import GateClosed
from booking.outreach.gate import calendar_of, open_days
from storage import open_pool
from telephony.record import JST
from tests.integration.booking.rooms import MY_NUMBER, RoomsCentre, said
from tests.integration.commands import commands

HEADING = "名称,電話番号,種別,所在地,担当者,備考\n"
MID_MONTH = datetime(2026, 12, 15, 10, 0, tzinfo=JST)
OTHER = {"phone": "other"}
DIAL = "INSERT INTO outreach_calls (target, phone, at, dialled_by) VALUES ($1, '+81110', $2, $3)"
EVASIONS = (
    "UPDATE outreach_days SET made = 0",
    "UPDATE outreach_days SET calls = 0",
    "UPDATE outreach_days SET cap = 36",
    "DELETE FROM outreach_calls",
    "DELETE FROM outreach_days",
    "UPDATE outreach_calls SET at = at - interval '1 day'",
    "UPDATE outreach_calls SET phone = '+81110'",
    "INSERT INTO outreach_days VALUES ('2026-12-16', 0, 10, 20, 700, 36, now())",
)


def rows(count: int, first: int = 0) -> list[str]:
    """Return lines of a list."""
    return [f"事業所{n},0598-53-{4000 + n},事業所,松阪市,総務課," for n in range(first, first + count)]


async def take_in(centre: RoomsCentre, lines: Sequence[str], **more: Any) -> tuple[int, dict[str, Any]]:
    """Take in a list from the command line."""
    async with centre.running.cli() as client:
        body = {"csv": HEADING + "\n".join(lines), "list": "12月", **more}
        return await said(await client.post("/api/outreach/import", json=body))


async def calls(centre: RoomsCentre, count: int, at: datetime, outcome: str = "answered") -> None:
    """Let so many calls have come in."""
    await centre.pool.execute(
        "INSERT INTO calls (id, started_at, ended_at, outcome, ended_by, menu_path, offers, reservations, "
        "recovered) SELECT $3::text || n || $2::timestamptz, $2, $2, $3, 'caller', '{}', '[]', '{}', false "
        "FROM generate_series(1, $1) AS n",
        count,
        at,
        outcome,
    )


async def gate(centre: RoomsCentre) -> dict[str, Any]:
    """Return today's gate."""
    async with centre.running.cli() as client:
        status, content = await said(await client.get("/api/outreach/gate"))
    assert status == 200, content
    return content


async def test_the_gate_is_computed_from_open_days_and_shown_with_its_figures(rooms: RoomsCentre) -> None:
    """December 2026 has 20 open days (the 29th to the 31st are none), ten of them before the 15th."""
    rooms.clock.now = MID_MONTH
    await calls(rooms, 150, datetime(2026, 12, 1, 0, 0, tzinfo=JST))
    await calls(rooms, 24, datetime(2026, 12, 14, 23, 59, tzinfo=JST), "abandoned")
    for outcome in ("closed", "emergency", "refused"):
        await calls(rooms, 50, datetime(2026, 12, 8, 9, 0, tzinfo=JST), outcome)
    await calls(rooms, 50, datetime(2026, 11, 30, 23, 59, tzinfo=JST))
    await calls(rooms, 50, datetime(2026, 12, 15, 0, 0, tzinfo=JST))
    shown = await gate(rooms)
    figures = ("calls", "open_days_gone", "open_days", "forecast", "half", "cap", "made", "left")
    assert [shown[name] for name in figures] == [174, 10, 20, 348.0, 350.0, 35, 0, 35]
    assert (shown["allowed"], shown["why_not"]) == (True, None)
    await calls(rooms, 500, datetime(2026, 12, 2, 9, 0, tzinfo=JST))
    assert await gate(rooms) == shown, "decided once a day"
    rooms.clock.on(days=1)
    assert (await gate(rooms))["allowed"] is False


@pytest.mark.parametrize(
    ("now", "count", "allowed", "why"),
    [
        (datetime(2026, 12, 14, 10, 0, tzinfo=JST), 0, False, "15日から"),
        (datetime(2026, 12, 15, 10, 0, tzinfo=JST), 175, False, "350.0件"),
        (datetime(2026, 12, 15, 8, 59, tzinfo=JST), 174, True, "受付時間外"),
        (datetime(2026, 12, 19, 10, 0, tzinfo=JST), 0, True, "受付時間外"),
    ],
)
async def test_a_closed_gate_says_why_and_gives_nobody_a_target(
    rooms: RoomsCentre, now: datetime, count: int, allowed: object, why: str
) -> None:
    rooms.clock.now = now
    await calls(rooms, count, datetime(2026, 12, 1, 9, 0, tzinfo=JST))
    await take_in(rooms, rows(1))
    shown = await gate(rooms)
    assert (shown["allowed"], why in shown["why_not"]) == (allowed, True)
    async with rooms.running.signed_in("sato") as operator:
        status, refused = await said(await operator.post("/api/outreach/next"))
        assert (status, refused["code"], refused["detail"]) == (409, "outreach-closed", shown["why_not"])
        assert refused["gate"] == shown


async def test_nobody_is_called_while_the_centre_takes_no_calls(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(1))
    target = (await rooms.rooms.outreach.next("sato"))["id"]
    rooms.closed.append("disaster mode")
    with pytest.raises(GateClosed):
        await rooms.rooms.outreach.dial(target, "sato", None)
    shown = await gate(rooms)
    assert (shown["allowed"], shown["open_now"], shown["made"]) == (True, False, 0)


def test_open_days_follow_the_centres_own_calendar(rooms: RoomsCentre) -> None:
    calendar = calendar_of(rooms.plan())
    assert open_days(calendar, datetime(2026, 11, 26, tzinfo=JST).date()) == (16, 19)
    assert open_days(calendar, datetime(2027, 1, 4, tzinfo=JST).date()) == (0, 19)


async def test_a_target_goes_through_preview_dial_result_and_another_try(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    assert (await take_in(rooms, rows(2)))[1] == {"rows": 2, "added": 2}
    assert (await take_in(rooms, rows(3)))[1] == {"rows": 3, "added": 1}
    async with rooms.running.signed_in("sato") as sato, rooms.running.signed_in("suzuki") as suzuki:
        mine = (await said(await sato.post("/api/outreach/next")))[1]
        assert (await said(await sato.post("/api/outreach/next")))[1]["id"] == mine["id"]
        theirs = (await said(await suzuki.post("/api/outreach/next")))[1]
        assert mine["id"] != theirs["id"]
        assert "マイナンバーカード" in mine["script"][0]
        path = f"/api/outreach/{mine['id']}"
        assert (await suzuki.post(f"{path}/dial", json=OTHER)).status == 403
        no_call = await said(await sato.post(f"{path}/result", json={"outcome": "declined"}))
        assert (no_call[0], no_call[1]["code"]) == (409, "not-possible")
        status, dialled = await said(
            await sato.post(f"{path}/dial", headers={"Idempotency-Key": "d"}, json=OTHER)
        )
        assert (status, dialled["number"], dialled["left"]) == (201, "+81598534000", 34)
        assert (await said(await sato.post(f"{path}/dial", headers={"Idempotency-Key": "d"}, json=OTHER)))[
            1
        ] == dialled
        twice = await said(await sato.post(f"{path}/dial", json=OTHER))
        assert (twice[0], "結果を記録" in twice[1]["detail"]) == (409, True)
        assert (await sato.post(f"{path}/release")).status == 409
        assert (await suzuki.post(f"{path}/result", json={"outcome": "busy"})).status == 403
        status, target = await said(
            await sato.post(f"{path}/result", json={"outcome": "busy", "note": "話中"})
        )
        assert (target["state"], target["attempts"], target["locked_by"]) == ("waiting", 1, None)
        assert target["not_before"] == "2026-12-15T12:00:00.000+09:00"
        other = (await said(await sato.post("/api/outreach/next")))[1]
        assert other["id"] not in {mine["id"], theirs["id"]}
        assert (await sato.post(f"/api/outreach/{other['id']}/release")).status == 204
        rooms.clock.on(hours=2)
        assert (await said(await sato.post("/api/outreach/next")))[1]["id"] == mine["id"], (
            "who was tried first"
        )
    async with rooms.running.cli() as cli:
        (call,) = (await said(await cli.get("/api/outreach/calls?day=2026-12-15")))[1]["calls"]
        assert (call["name"], call["by"], call["outcome"], call["note"]) == (
            "事業所0",
            "sato",
            "busy",
            "話中",
        )
        assert (await said(await cli.get("/api/outreach/calls?day=2026/12/16")))[1]["calls"] == []
        waiting = (await said(await cli.get("/api/outreach?state=waiting")))[1]["targets"]
        assert len(waiting) == 3
    assert (await gate(rooms))["made"] == 1


async def test_after_the_last_try_and_a_clear_answer_a_target_is_done(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(1))
    async with rooms.running.cli() as cli:
        for attempt in (1, 2, 3):
            target = (await said(await cli.post("/api/outreach/next")))[1]
            path = f"/api/outreach/{target['id']}"
            assert (await cli.post(f"{path}/dial", json=OTHER)).status == 201
            done = (await said(await cli.post(f"{path}/result", json={"outcome": "no-answer"})))[1]
            assert (done["attempts"], done["state"]) == (attempt, "done" if attempt == 3 else "waiting")
            rooms.clock.on(hours=2)
        assert (await cli.post("/api/outreach/next")).status == 404


async def test_a_target_that_was_left_lying_is_given_to_somebody_else(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(1))
    async with rooms.running.signed_in("sato") as sato, rooms.running.signed_in("suzuki") as suzuki:
        mine = (await said(await sato.post("/api/outreach/next")))[1]
        assert (await suzuki.post("/api/outreach/next")).status == 404
        rooms.clock.on(minutes=16)
        assert (await said(await suzuki.post("/api/outreach/next")))[1]["id"] == mine["id"]
        assert (await sato.post(f"/api/outreach/{mine['id']}/dial", json=OTHER)).status == 403
        await suzuki.post(f"/api/outreach/{mine['id']}/dial", json=OTHER)
        rooms.clock.on(minutes=16)
        assert (await sato.post("/api/outreach/next")).status == 404, "a call under way is nobody else's"


async def test_a_number_on_the_do_not_call_list_is_never_dialled_again(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, [*rows(1), "別名の事業所,0598-53-4000,福祉施設,,,", *rows(1, first=7)])
    async with rooms.running.cli() as cli:
        target = (await said(await cli.post("/api/outreach/next")))[1]
        await cli.post(f"/api/outreach/{target['id']}/dial", json=OTHER)
        barring = {"outcome": "do-not-call", "note": "不要とのこと"}
        await cli.post(f"/api/outreach/{target['id']}/result", json=barring)
        last = (await said(await cli.post("/api/outreach/next")))[1]
        assert last["name"] == "事業所7"
        wish = {"phone": "0598-53-4007", "note": "市からの連絡"}
        assert (await cli.post("/api/outreach/do-not-call", json=wish)).status == 204
        status, refused = await said(await cli.post(f"/api/outreach/{last['id']}/dial", json=OTHER))
        assert (status, refused["code"]) == (409, "do-not-call")
        listed = (await said(await cli.get("/api/outreach/do-not-call")))[1]["numbers"]
        assert {each["phone"]: each["reason"] for each in listed} == {
            "+81598534000": "不要とのこと",
            "+81598534007": "市からの連絡",
        }
        await cli.post(f"/api/outreach/{last['id']}/release")
        assert (await cli.post("/api/outreach/next")).status == 404
    assert (await gate(rooms))["made"] == 1


async def test_every_mistake_of_a_list_is_named_at_once(rooms: RoomsCentre) -> None:
    lines = ["A,0598-53-4000,工場,,,", "B,110,,,,", "C,0990-12-3456,,,,", ",0598-53-4001,,,,"]
    lines += [f"D,0598-53-4002,,,,{MY_NUMBER}", "E,+1 212 555 0100,,,,", "F,0120-000-598,,,,"]
    status, refused = await take_in(rooms, lines)
    places = [(fault["line"], fault["column"]) for fault in refused["errors"]]
    assert (status, places) == (422, [(2, "種別"), (3, "電話番号"), (5, "名称"), (6, "備考")])
    status, refused = await take_in(rooms, [lines[2], *lines[5:]])
    places = [(fault["line"], fault["column"]) for fault in refused["errors"]]
    assert (status, places) == (422, [(2, "電話番号"), (3, "電話番号"), (4, "電話番号")])
    assert (await take_in(rooms, rows(2), check=True))[1] == {"rows": 2, "added": 0}
    assert await rooms.pool.fetchval("SELECT count(*) FROM outreach_targets") == 0


# --- what the database holds to, whatever the code does -----------------------------------------------------


async def test_forty_at_once_make_exactly_thirty_five_calls(rooms: RoomsCentre, database_url: str) -> None:
    """Forty operators with a target each dial at the same moment, past the code's own look at the gate."""
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(40))
    outreach, pool = rooms.rooms.outreach, await open_pool(database_url, name="rush", size=20)
    targets = [(f"operator-{n}", (await outreach.next(f"operator-{n}"))["id"]) for n in range(40)]

    async def dial(user: str, target: int) -> str:
        try:
            await pool.execute(DIAL, target, MID_MONTH, user)
        except asyncpg.CheckViolationError as error:
            return str(error.constraint_name)
        return "dialled"

    results = await asyncio.gather(*(dial(*each) for each in targets))
    await pool.close()
    assert (results.count("dialled"), results.count("outreach_days_within_cap")) == (35, 5)
    phones = await rooms.pool.fetch("SELECT DISTINCT phone FROM outreach_calls")
    assert len(phones) == 35, "the number is the target's, whatever the statement says"
    with pytest.raises(GateClosed):
        await outreach.dial(targets[results.index("outreach_days_within_cap")][1], "x", None)
    assert (await gate(rooms))["left"] == 0


async def test_forty_at_once_over_http_get_the_same(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(40))
    outreach = rooms.rooms.outreach
    targets = [(f"operator-{n}", (await outreach.next(f"operator-{n}"))["id"]) for n in range(40)]
    dials = (outreach.dial(target, user, None) for user, target in targets)
    results = await asyncio.gather(*dials, return_exceptions=True)
    assert [type(result) for result in results].count(GateClosed) == 5
    assert await rooms.pool.fetchval("SELECT count(*) FROM outreach_calls") == 35


async def test_the_last_calls_target_is_shown_until_its_outcome_is_recorded(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(2))
    outreach = rooms.rooms.outreach
    target = (await outreach.next("sato"))["id"]
    await outreach.dial(target, "sato", None)
    rooms.closed.append("disaster mode")
    assert (await outreach.next("sato"))["id"] == target
    with pytest.raises(GateClosed):
        await outreach.next("suzuki")


async def test_no_statement_makes_room_for_more(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(1))
    target = (await rooms.rooms.outreach.next("sato"))["id"]
    await rooms.rooms.outreach.dial(target, "sato", None)
    for statement in EVASIONS:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await rooms.pool.execute(statement)
    for at, user in ((MID_MONTH, "sato"), (MID_MONTH, "suzuki"), (MID_MONTH + timedelta(days=1), "sato")):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await rooms.pool.execute(DIAL, target, at, user)


async def test_the_database_counts_the_calls_itself_and_holds_a_closed_gate_shut(rooms: RoomsCentre) -> None:
    rooms.clock.now = MID_MONTH
    await calls(rooms, 200, datetime(2026, 12, 1, 9, 0, tzinfo=JST))
    await take_in(rooms, rows(1))
    lie = (
        "INSERT INTO outreach_days VALUES ('2026-12-15', 0, 10, 20, 700, 35, now()) RETURNING calls, allowed"
    )
    assert tuple(await rooms.pool.fetchrow(lie) or ()) == (200, False)
    await rooms.pool.execute("UPDATE outreach_targets SET locked_by = 'sato', locked_until = now()")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await rooms.pool.execute(DIAL, 1, MID_MONTH, "sato")
    assert refused.value.constraint_name == "outreach_days_allowed"


async def test_the_command_line_imports_shows_the_gate_and_notes_results(
    rooms: RoomsCentre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    rooms.clock.now = MID_MONTH
    command = commands(rooms.running, tmp_path, monkeypatch, capfd)
    file = tmp_path / "targets.csv"
    file.write_text(HEADING + "\n".join(rows(2)), encoding="cp932")
    assert (await command("outreach", "import", str(file), "--list", "12月"))[1] == "2 rows, 2 of them new.\n"
    assert "いま発信できます" in (await command("outreach", "gate"))[1]
    target = json.loads((await command("outreach", "next", "--json"))[1])["id"]
    assert (await command("outreach", "dial", str(target)))[1].startswith("0598-53-4000")
    assert "requested, done" in (await command("outreach", "result", str(target), "requested"))[1]
    assert "事業所1" in (await command("outreach", "list", "--state", "waiting"))[1]
    assert "requested" in (await command("outreach", "list", "--calls"))[1]
    status, _, refused = await command("outreach", "result", str(target), "well")
    assert (status, "結果" in refused) == (1, True)
