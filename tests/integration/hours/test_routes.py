"""``/api/hours`` and ``/api/emergency`` on a real server and database: who may, and what is refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.layout import Layout
from config.schema import Centre
from madoguchi.hours.book import Book
from madoguchi.hours.routes import HoursParts, HoursRoutes
from storage import open_pool
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant
from telephony.model.rulings import Override
from telephony.public_holidays import japanese_holiday
from tests.integration.agents.centre import Running, running_centre
from tests.unit.model.plans import plan

JST = ZoneInfo("Asia/Tokyo")
LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat()


@dataclass
class House:
    """The server, and what its routes stand on."""

    layout: Layout
    plan: Centre
    running: Running | None = None
    overrides: tuple[Override, ...] = ()
    emergencies: list[str | None] = field(default_factory=list)

    @property
    def served(self) -> Running:
        assert self.running is not None
        return self.running

    def calendar(self) -> Calendar:
        return Calendar(self.plan.hours, JST, japanese_holiday, self.overrides)

    def take(self, standing: tuple[Override, ...]) -> None:
        self.overrides = standing


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    house = House(Layout(tmp_path), plan(hours={"public_holidays": True, "year_end": {}}))
    house.layout.sounds.mkdir()
    house.layout.emergency_flag.parent.mkdir(parents=True)
    (house.layout.sounds / "emergency.sln16").touch()
    pool = await open_pool(database_url, name="test")
    parts = HoursParts(
        layout=house.layout,
        plan=lambda: house.plan,
        calendar=house.calendar,
        now=lambda: Instant(datetime.now(UTC).timestamp()),
        book=Book(house.layout.overrides_file, pool, house.take),
        sayable=lambda prompt: prompt == "typhoon",
        emergency_changed=house.emergencies.append,
    )
    async with running_centre(database_url, tmp_path, HoursRoutes(parts).routes()) as running:
        house.running = running
        yield house
    await pool.close()


async def test_a_supervisor_closes_and_takes_it_back(house: House) -> None:
    async with house.served.signed_in("tanaka") as tanaka:
        wish = {
            "opens": False,
            "until": LATER,
            "message": "typhoon",
            "queues": ["booking"],
            "numbers": ["0120-000-000"],
        }
        answer = await tanaka.post("/api/hours/overrides", json=wish)
        assert answer.status == 201
        entered = await answer.json()
        assert (entered["entered_by"], entered["numbers"]) == ("tanaka", ["+81120000000"])
        assert [entered["id"]] == [override.id for override in house.overrides]
        listed = await (await tanaka.get("/api/hours/overrides")).json()
        assert [entered] == listed["overrides"]
        assert (await tanaka.delete(f"/api/hours/overrides/{entered['id']}")).status == 204
        assert house.overrides == ()
        assert (await tanaka.delete(f"/api/hours/overrides/{entered['id']}")).status == 404


async def test_an_operator_may_look_and_not_touch(house: House) -> None:
    async with house.served.signed_in("sato") as sato:
        content = await (await sato.get("/api/hours", params={"on": "2027-01-01"})).json()
        assert (content["open"], content["reason"]) == (False, "年末年始")
        for path in ("/api/hours/overrides", "/api/emergency"):
            assert (await sato.post(path, json={"opens": True, "until": LATER, "on": True})).status == 403
        assert (await sato.post("/api/emergency/refresh")).status == 403


@pytest.mark.parametrize(
    ("wish", "field_at_fault"),
    [
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": LATER, "since": "2099-01-01T00:00"}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"until": LATER, "queues": ["bookin"]}, "queues"),
        ({"until": LATER, "numbers": ["0120-999-999"]}, "numbers"),
        ({"until": LATER, "numbers": ["x'; --"]}, "numbers"),
        ({"until": LATER, "message": "position"}, "message"),
        ({"until": LATER, "colour": "red"}, "colour"),
    ],
)
async def test_bad_input_is_named_and_changes_nothing(
    house: House, wish: dict[str, object], field_at_fault: str
) -> None:
    async with house.served.cli() as cli:
        answer = await cli.post("/api/hours/overrides", json={"opens": True} | wish)
        assert answer.status == 422
        assert field_at_fault in {error["field"].split(".")[0] for error in (await answer.json())["errors"]}
        assert (await cli.get("/api/hours", params={"on": "2027-13-01"})).status == 422
    assert house.overrides == ()


async def test_the_disaster_mode_is_switched_and_the_model_told(house: House) -> None:
    async with house.served.signed_in("tanaka") as tanaka:
        refused = await tanaka.post("/api/emergency", json={"on": True, "message": "position"})
        assert refused.status == 422
        switched = await (await tanaka.post("/api/emergency", json={"on": True})).json()
        assert switched == {"on": True, "message": "emergency", "waits_for_second_person": False}
        await tanaka.post("/api/emergency", json={"on": False})
    assert house.emergencies == ["emergency", None]


async def test_where_two_must_agree_one_is_not_enough_and_the_command_line_is_nobody(house: House) -> None:
    house.plan = plan(emergency={"two_persons": True})
    async with house.served.signed_in("tanaka") as tanaka, house.served.cli() as cli:
        switched = await (await tanaka.post("/api/emergency", json={"on": True})).json()
        assert switched == {"on": False, "message": None, "waits_for_second_person": True}
        assert (await cli.post("/api/emergency", json={"on": True})).status == 403
    assert house.emergencies == []


async def test_what_was_switched_beside_the_interface_is_taken_up(house: House) -> None:
    house.layout.emergency_flag.write_text("typhoon\n")
    async with house.served.cli() as cli:
        assert (await cli.post("/api/emergency/refresh")).status == 204
    assert house.emergencies == ["typhoon"]
