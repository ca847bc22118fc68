"""Booking from the command line."""

import json
from pathlib import Path

import pytest

from tests.integration.booking.office import BookingCentre
from tests.integration.commands import commands


async def test_a_slot_is_found_booked_moved_and_cancelled(
    booking: BookingCentre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = commands(booking.running, tmp_path, monkeypatch, capfd)
    query = ("slots", "--venue", "koseki", "--service", "collection", "--people", "1")
    first, second = json.loads((await command(*query, "--json"))[1])["slots"][:2]
    assert first["id"] in (await command(*query))[1]
    who = ("--name", "松阪 花子", "--kana", "マツサカ ハナコ", "--phone", "09012345678")
    status, out, _ = await command("reserve", first["id"], *who, "--json")
    number = json.loads(out)["number"]
    assert status == 0
    status, _, said = await command("reserve", second["id"], *who)
    assert status == 1
    assert "予約がすでにあります" in said
    assert (await command("reserve", second["id"], *who, "--again"))[0] == 0
    assert (
        "日時：12月7日(月) 09:30" in (await command("reservation", number, "move", "--to", second["id"]))[1]
    )
    assert number in (await command("reservation", "ハナコ", "find"))[1]
    assert "取り消しました" in (await command("reservation", number, "cancel"))[1]
    assert "cancelled" in (await command("reservation", number))[1]
    assert (await command("reservation", "123", "show"))[0] == 1
    assert (await command("reservation", number, "move"))[0] == 2
    assert (await command("slots", "--venue", "nowhere"))[2].startswith("会場は次のどれかです：koseki")
