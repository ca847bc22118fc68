"""``/api/config`` on a real server and database."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.integration.agents.centre import Running
from tests.integration.commands import Command, commands
from tests.integration.publication.room import GOOD, Room
from tests.integration.publication.test_publication import LONGER, OWN

RING = GOOD.read_text().replace(*LONGER)
DAY = datetime(2026, 11, 24, 3, tzinfo=UTC)
"""12:00 in Japan."""


async def post(client: aiohttp.ClientSession, what: str, wish: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await client.post(f"/api/config/{what}", json=wish)
    return answer.status, await answer.json()


async def test_a_change_goes_from_a_single_value_to_the_history(served: Running, room: Room) -> None:
    async with served.signed_in("okada") as okada:
        shown = await (await okada.get("/api/config")).json()
        assert (shown["version"], shown["edited"]["differs"]) == (1, False)
        _, text = await post(okada, "edit", {"changes": {"queues.general.ring_s": 30}})
        status, said = await post(okada, "check", {"centre": text["centre"], "trial": False})
        assert (status, said) == (200, {"findings": []})
        _, differs = await post(okada, "diff", {"centre": text["centre"]})
        assert differs["files"] == {}
        assert "+ring_s = 30" in differs["sources"]["centre.toml"]
        wish = {"centre": text["centre"], "why": "longer", "base": 1, "trial": False}
        status, done = await post(okada, "apply", wish)
        assert (status, done["version"], done["restarts"]) == (200, 2, False)
        assert room.place.centre_file.read_text() == text["centre"], "the edited file follows the page"
        status, said = await post(okada, "apply", wish | {"centre": GOOD.read_text()})
        assert (status, said["code"]) == (409, "outdated")
        listed = await (await okada.get("/api/config/versions")).json()
        newest = listed["versions"][0]
        assert (newest["version"], newest["by"], newest["why"]) == (2, "okada", "longer")
        assert listed["current"] == 2
        one = await (await okada.get("/api/config/versions/2")).json()
        assert "+ring_s = 30" in one["difference"]["centre.toml"]
        assert (await okada.get("/api/config/versions/9")).status == 404
        status, done = await post(okada, "rollback", {"why": "too long"})
        assert (status, done["version"]) == (200, 3)
        trail = await (await okada.get("/api/audit", params={"what": "POST /api/config/apply"})).json()
        assert [row["result"] for row in trail["entries"]] == ["refused: outdated", "ok"]


async def test_unpublished_work_in_the_edited_file_is_left_alone(served: Running, room: Room) -> None:
    mine = f"{GOOD.read_text()}\n# not finished\n"
    room.place.centre_file.write_text(mine)
    async with served.signed_in("okada") as okada:
        status, _ = await post(okada, "apply", {"centre": RING, "why": "longer", "trial": False})
        assert status == 200
        assert room.place.centre_file.read_text() == mine
        assert (await (await okada.get("/api/config")).json())["edited"]["differs"]


async def test_mistakes_come_with_file_and_line(served: Running) -> None:
    wish = {"custom": {"own.conf": "[custom-x]\nexten => _X.,1,Answer()\n"}, "trial": False, "why": "why"}
    async with served.signed_in("okada") as okada:
        status, said = await post(okada, "apply", wish)
        assert (status, said["code"]) == (422, "mistakes")
        assert [(found["file"], found["line"]) for found in said["findings"]] == [("own.conf", 2)]
        status, said = await post(okada, "edit", {"changes": {"queues.nobody.ring_s": 5}})
        assert (status, said["code"]) == (422, "invalid")


async def test_what_was_taken_back_is_a_conflict_with_its_reason(served: Running, room: Room) -> None:
    room.asterisk.refusals.append("Asterisk lacks it.")
    async with served.signed_in("okada") as okada:
        status, said = await post(okada, "apply", {"custom": {"own.conf": OWN}, "why": "why", "trial": False})
        assert (status, said["code"]) == (409, "taken-back")
        assert "Asterisk lacks it." in said["detail"]


@pytest.fixture
async def a_day(room: Room) -> None:
    """Three calls: one with key 1, one with no key, and one on the day after."""
    for number, (after, keys) in enumerate([(0, ["1"]), (60, []), (86_400, ["1"])]):
        at = DAY + timedelta(seconds=after)
        await room.pool.execute(
            "INSERT INTO calls (id, caller, dialled, started_at, ended_at, outcome, ended_by, menu_path, "
            "offers, reservations, recovered) VALUES ($1, '+81312345678', '+81120000598', $2, $2, "
            "'abandoned', 'caller', '{}', '[]', '{}', false)",
            f"m-{number}",
            at,
        )
        for place, key in enumerate(keys, 1):
            await room.pool.execute(
                "INSERT INTO journal VALUES ($1, 1, $2, $3, 'menu.key', $4)",
                f"call:m-{number}",
                place,
                at,
                {"key": key, "menu": "main"},
            )


@pytest.mark.usefixtures("a_day")
async def test_a_days_calls_are_played_again_with_another_file(
    served: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command: Command = commands(served, tmp_path, monkeypatch, capfd)
    other = GOOD.read_text() + '\n[[queues]]\nname = "booking"\ntitle = "予約"\nskill = "general"\n'
    file = tmp_path / "proposed.toml"
    file.write_text(other.replace('queue = "general" }', 'queue = "booking" }'))
    status, out, _ = await command("replay", "--config", str(file), "--for", "2026-11-24", "--json")
    found = json.loads(out)
    assert (status, found["on"], found["calls"]) == (0, "2026-11-24", 2)
    (moved,) = found["elsewhere"]
    assert (moved["id"], moved["keys"], moved["caller"]) == ("m-0", ["1"], "+81312345678")
    assert (moved["before"], moved["after"]) == ("待ち列「総合」", "待ち列「予約」")
    status, out, _ = await command("replay", "--config", str(file), "--for", "2026-11-24")
    assert "2 calls: 1 would have gone elsewhere." in out
    assert (await command("replay", "--config", str(file), "--for", "soon"))[0] == 2
