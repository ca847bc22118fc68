"""A change that the city's system answers with an error for ever has a way out: a person settles it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from booking.web.deliveries import DeliveryShape
from tests.integration.commands import commands
from tests.integration.delivery.city import Connected, connected
from tests.receiver.running import receiver

WHY = "市の画面から手で登録した（山田さんに確認）"


async def settle(browser: aiohttp.ClientSession, key: str, state: str) -> tuple[int, str]:
    """Settle a change; return status and code (or state)."""
    wish = {"state": state, "why": WHY}
    answer = await browser.post(f"/api/deliveries/{key}/settlement", json=wish)
    said = await answer.json()
    return answer.status, said.get("code") or DeliveryShape.model_validate(said).state


@asynccontextmanager
async def supervised(
    database: str, home: Path, **rules: Any
) -> AsyncIterator[tuple[Connected, aiohttp.ClientSession]]:
    """Give a centre and its supervisor's browser."""
    async with (
        connected(database, home, **rules) as centre,
        centre.booking.running.signed_in("tanaka") as supervisor,
    ):
        yield centre, supervisor


async def test_a_change_done_by_hand_lets_the_next_one_of_its_reservation_go_on(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        receiver(tmp_path) as city,
        supervised(database_url, tmp_path, adapter="http", url=city.url) as (centre, supervisor),
    ):
        made = await centre.book()
        key = f"reservation:{made['id']}:1"
        city.break_at(key)
        await centre.cancel(made)
        assert await centre.rested() == 0
        assert await centre.rested() == 0  # it fails for ever, and the cancellation waits behind it
        assert await settle(supervisor, key, "done-by-hand") == (200, "done-by-hand")
        assert await centre.rested() == 1
        assert await centre.states() == {
            key: "done-by-hand",
            f"reservation:{made['id']}:2": "delivered",
        }
        assert await settle(supervisor, key, "skipped") == (409, "not-possible")
        shown = await (await centre.operator.get("/api/deliveries", params={"state": "done-by-hand"})).json()
        (settled,) = shown["deliveries"]
        assert (settled["settled_by"], settled["settled_why"]) == ("tanaka", WHY)
        assert shown["undelivered"]["count"] == 0


async def test_what_is_not_there_cannot_be_settled(database_url: str, tmp_path: Path) -> None:
    async with supervised(database_url, tmp_path) as (_, supervisor):
        for key in ("reservation:123456789:1", "%00", "x" * 300, "reservation:1:99999999999"):
            assert await settle(supervisor, key, "skipped") == (404, "not-found"), key


async def test_who_may_settle_and_with_which_words(database_url: str, tmp_path: Path) -> None:
    async with supervised(database_url, tmp_path) as (centre, supervisor):
        key = f"reservation:{(await centre.book())['id']}:1"
        for who in ("sato", "shimizu"):
            async with centre.booking.running.signed_in(who) as browser:
                assert await settle(browser, key, "skipped") == (403, "not-allowed")
        assert await settle(supervisor, key, "delivered") == (422, "invalid")
        assert await centre.states() == {key: "pending"}


async def test_a_change_inside_a_file_that_is_being_written_stays_what_it_is(
    database_url: str, tmp_path: Path
) -> None:
    async with supervised(database_url, tmp_path) as (centre, supervisor):
        key = f"reservation:{(await centre.book())['id']}:1"
        await centre.booking.pool.execute("UPDATE outbox SET file = id")
        assert await settle(supervisor, key, "skipped") == (409, "not-possible")
        await centre.booking.pool.execute("UPDATE outbox SET state = 'sent'")
        assert await settle(supervisor, key, "skipped") == (200, "skipped")


async def test_the_command_line_settles_and_the_trail_says_who(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with connected(database_url, tmp_path) as centre:
        made = await centre.book()
        command = commands(centre.booking.running, tmp_path, monkeypatch, capfd)
        capfd.readouterr()  # what was logged until now
        listed = json.loads((await command("deliveries", "--json"))[1])["deliveries"]
        key = listed[0]["key"]
        assert key == f"reservation:{made['id']}:1"
        assert (await command("delivery", key, "skip"))[0] == 2
        assert (await command("delivery", key, "skip", "--why", WHY))[0] == 0
        assert "もう「送信しない」" in (await command("delivery", key, "done", "--why", WHY))[2]
        await centre.booking.running.parts.trail.carry_all()
        row = await centre.booking.pool.fetchrow(
            "SELECT who, result, detail FROM audit WHERE what LIKE '%settlement' ORDER BY seq DESC LIMIT 1"
        )
        assert row is not None
        assert (row["who"], row["result"]) == ("cli", "refused: not-possible")
        row = await centre.booking.pool.fetchrow(
            "SELECT who, result, detail FROM audit WHERE what LIKE '%settlement' ORDER BY seq LIMIT 1"
        )
        assert row is not None
        assert (row["who"], row["result"], row["detail"]["state"]) == ("cli", "ok", "skipped")
        assert WHY not in json.dumps(row["detail"])
