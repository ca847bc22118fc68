"""The command line against a running centre."""

import json
from pathlib import Path

import asyncpg
import pytest

from tests.integration.agents.centre import Running
from tests.integration.commands import Command, commands


@pytest.fixture
def command(
    centre: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run one command line; return status, output and errors."""
    return commands(centre, tmp_path, monkeypatch, capfd)


async def test_people_are_added_changed_and_sent_home(centre: Running, command: Command) -> None:
    status, out, _ = await command(
        "agent",
        "add",
        "ito",
        "--extension",
        "210",
        "--level",
        "trainee",
        "--skill",
        "booking=7",
        "--title",
        "伊藤",
    )
    assert status == 0
    assert "伊藤" in out
    assert "sip_password" in out
    status, out, _ = await command(
        "agent", "set", "ito", "--skill", "card=2", "--skill", "booking=0", "--json"
    )
    assert json.loads(out)["skills"] == {"card": 2}
    status, out, _ = await command("agent", "ready", "ito")
    assert (status, out.splitlines()[0]) == (0, "ito is ready.")
    status, out, _ = await command("agent", "pause", "ito", "--reason", "lunch")
    assert (status, out.splitlines()[0]) == (0, "ito is paused.")
    status, out, _ = await command("agents", "--json")
    (ito,) = (agent for agent in json.loads(out)["agents"] if agent["name"] == "ito")
    assert (ito["state"], ito["reason"]) == ("paused", "lunch")
    status, out, _ = await command("agent", "logout", "ito")
    assert (status, out.splitlines()[0]) == (0, "ito is logged-out.")
    assert await command("agent", "remove", "ito") == (0, "ito is no longer on the roster.\n", "")
    assert await command("agent", "ready", "ito") == (1, "", "There is no agent named ito.\n")
    assert "ito" not in (await command("agents"))[1]
    assert centre.announced[-1] == ["sato", "suzuki", "tanaka"]


async def test_what_the_centre_refuses_is_said(command: Command) -> None:
    add = ("agent", "add", "sato", "--extension", "202", "--level", "standrad")
    expected = (
        "level has 'standrad', which is not in centre.toml; did you mean standard? "
        "name sato is taken. extension 202 belongs to suzuki.\n"
    )
    assert await command(*add) == (1, "", expected)
    assert await command("agent", "pause", "sato", "--reason", "bored") == (
        1,
        "",
        "reason must be one of lunch.\n",
    )


async def test_calls_are_listed_shown_and_ended(centre: Running, command: Command) -> None:
    record = {"id": "old", "agent": "sato", "outcome": "answered", "caller": "\x1b[31m0901", "waited_s": 3.25}
    timeline = [{"at": "2026-12-01T09:00:00+09:00", "kind": "call.arrived", "caller": "0901"}]
    centre.shelf.records["old"] = record | {"timeline": timeline}
    status, out, _ = await command("calls", "--agent", "sato", "--since", "2026-12-01")
    assert status == 0
    assert "answered" in out
    assert "3.2" in out
    assert "\x1b" not in out, "a caller cannot paint on the terminal"
    assert json.loads((await command("call", "old", "--json"))[1])["timeline"] == timeline
    assert "call.arrived" in (await command("call", "old"))[1]
    call = centre.floor.arrive("up")
    assert "greeting" in (await command("calls", "--live"))[1]
    assert await command("call", "up", "hangup") == (0, "Call up is being ended.\n", "")
    centre.floor.leave(call)
    assert await command("call", "up", "hangup") == (1, "", "There is no live call up.\n")
    assert await command("call", "../agents") == (1, "", "There is no call ../agents.\n")


async def test_status_queues_export_and_asterisk(command: Command, tmp_path: Path) -> None:
    assert json.loads((await command("status", "--json"))[1])["role"] == "leader"
    assert "leader" in (await command("status"))[1]
    assert "予約" in (await command("queues"))[1]
    out = tmp_path / "queue_log"
    status, said, _ = await command("export", "queue-log", "--since", "2026-12-01", "--out", str(out))
    assert (status, said) == (0, f"{out}: 4 lines.\n")
    assert out.read_text().startswith("2026-12-01T00:00:00+09:00|")
    assert (await command("export", "queue-log", "--out", str(tmp_path / "no" / "x")))[0] == 1
    assert await command("asterisk", "core show uptime") == (0, "asterisk says: core show uptime\n", "")


async def test_the_first_account_is_made_and_others_are_shut_out_and_let_in(
    centre: Running, command: Command
) -> None:
    status, out, _ = await command("account", "add", "abe", "--role", "ops", "--title", "安倍", "--json")
    assert status == 0
    made = json.loads(out)
    async with centre.client() as browser:
        signed = await browser.post("/api/session", json={"user": "abe", "password": made["password"]})
        assert (await signed.json())["missing"] == ["change-password", "enrol-totp"]
        status, out, _ = await command("account", "disable", "abe")
        assert (status, "signed out everywhere" in out) == (0, True)
        assert (await browser.get("/api/session")).status == 401
    assert (await command("account", "enable", "abe"))[0] == 0
    assert (await command("account", "reset-totp", "tanaka"))[0] == 0
    status, out, _ = await command("account", "password", "sato", "--json")
    assert json.loads(out)["must_change_password"] is True
    status, out, _ = await command("accounts")
    assert all(name in out for name in ("abe", "sato", "okada"))
    status, _, err = await command("account", "add", "kato", "--role", "operator")
    assert status == 1
    assert "have a phone" in err


@pytest.mark.usefixtures("centre")
async def test_the_audit_trail_is_shown_and_checked(command: Command, database_url: str) -> None:
    assert (await command("agent", "ready", "sato"))[0] == 0
    assert (await command("asterisk", "core show version"))[0] == 0
    status, out, _ = await command("audit", "--json")
    rows = json.loads(out)["entries"]
    assert status == 0
    assert ["cli.asterisk", "POST /api/agents/{name}/state"] == [
        row["what"] for row in rows if not row["what"].startswith("GET")
    ]
    assert rows[0]["detail"]["command"] == "core show version"
    assert all(row["detail"]["system_user"] for row in rows)
    status, out, _ = await command("audit", "verify")
    assert (status, "is whole" in out) == (0, True)
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
    await connection.execute("UPDATE audit SET result = 'never' WHERE seq = 2")
    await connection.close()
    status, _, err = await command("audit", "verify")
    assert (status, err) == (1, "The audit trail is broken: 2 was changed after it was written.\n")


async def test_figures_say_how_they_are_defined(command: Command) -> None:
    status, out, _ = await command("figures")
    assert (0, True, True) == (status, "today" in out, "目標は90%以上です" in out)
    content = json.loads((await command("figures", "--json"))[1])
    assert (None, 0) == (content["today"]["answer_rate"], content["today"]["may_be_lost"])
