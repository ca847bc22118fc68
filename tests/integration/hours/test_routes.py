"""``/api/hours`` and ``/api/emergency`` on a real server and database: who may, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.hours.house import House
from tests.unit.model.plans import plan

LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat()


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
