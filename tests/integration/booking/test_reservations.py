"""Reservations over HTTP on a real PostgreSQL: made, moved, changed, cancelled, and all they leave behind."""

import asyncio
from typing import Any

import aiohttp
import pytest

from booking.errors import SlotFull
from booking.mynumber import holds_my_number
from booking.shapes import Once, SlotId, Who
from booking.wishes import ReservationWish
from config.schema.booking import Channel
from tests.integration.booking.office import CITIZEN, BookingCentre


async def make(client: aiohttp.ClientSession, slot: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/api/reservations", json=CITIZEN | {"slot": slot} | more)
    return answer.status, await answer.json()


async def free_of(client: aiohttp.ClientSession, slot: str) -> int:
    answer = await client.get("/api/slots", params={"service": "collection"})
    found = {each["id"]: each["free"] for each in (await answer.json())["slots"]}
    return int(found[slot])


async def outbox(booking: BookingCentre) -> list[tuple[str, str]]:
    rows = await booking.pool.fetch("SELECT kind, key FROM outbox ORDER BY id")
    return [(row["kind"], row["key"]) for row in rows]


async def test_slots_of_all_venues_are_shown_with_what_is_free(operator: aiohttp.ClientSession) -> None:
    answer = await operator.get("/api/slots", params={"until": "2026-12-08"})
    slots = (await answer.json())["slots"]
    assert len(slots) == 8  # two venues, two times, two services
    first = slots[0]
    assert {key: first[key] for key in ("venue", "service", "starts_at", "ends_at", "capacity", "free")} == {
        "venue": "koseki",
        "service": "collection",
        "starts_at": "2026-12-07T09:00:00.000+09:00",
        "ends_at": "2026-12-07T09:30:00.000+09:00",
        "capacity": 2,
        "free": 2,
    }


async def test_the_documentation_names_every_route_of_the_booking(
    operator: aiohttp.ClientSession,
) -> None:
    described = (await (await operator.get("/api/openapi.json")).json())["paths"]
    assert described["/api/reservations"].keys() >= {"get", "post"}
    assert described["/api/reservations/{id}"].keys() >= {"get", "patch", "delete"}
    assert {"201", "409", "422"} <= described["/api/reservations"]["post"]["responses"].keys()


async def test_closed_days_of_a_venue_are_told_with_the_reason(
    operator: aiohttp.ClientSession,
) -> None:
    query = {"venue": "koseki", "from": "2026-12-11", "until": "2026-12-14"}
    shown = await (await operator.get("/api/slots", params=query)).json()
    assert shown["closed"] == [
        {"date": "2026-12-12", "why": "定休日"},
        {"date": "2026-12-13", "why": "定休日"},
    ]
    assert {slot["starts_at"][:10] for slot in shown["slots"]} == {"2026-12-11"}


async def test_a_reservation_leaves_history_and_outbox_and_tells_what_to_read_back(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    status, made = await make(operator, slot["id"], call="call-1", notice_number="A-123", notes="車いす")
    assert status == 201
    assert made["phone"] == "09012345678"
    assert made["read_back"] == [
        "日時：12月7日(月) 09:00",
        "場所：戸籍住民課（松阪市）",
        "用件：受取",
        "お名前：松阪 花子 様",
        f"予約番号：{made['number']}",
        "持ち物：交付通知書",
    ]
    assert await outbox(booking) == [("reservation.created", f"reservation:{made['id']}:1")]
    assert booking.calls.noted == [("call-1", made["id"])]
    shown = await (await operator.get(f"/api/reservations/{made['number']}")).json()
    assert [entry["kind"] for entry in shown["history"]] == ["created"]
    assert await free_of(operator, slot["id"]) == 1


async def test_asterisks_ids_are_not_taken_for_my_numbers(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    assert holds_my_number("1764137982.30")  # twelve digits that pass the check
    assert (await make(operator, slot["id"], call="1764137982.30"))[0] == 201


async def test_a_full_slot_refuses_and_names_the_next_free_one(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    assert (await make(operator, slot["id"], people=2))[0] == 201
    status, problem = await make(operator, slot["id"])
    assert (status, problem["code"]) == (409, "slot-full")
    assert problem["detail"] == (
        "12月7日(月) 09:00 の枠は今ほかの人が確定しました。次に空いているのは 12月7日(月) 09:30 です。"
    )
    assert problem["next"]["starts_at"] == "2026-12-07T09:30:00.000+09:00"


async def test_services_of_one_counter_share_its_desks(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    number = slot["id"].split("-")[0]
    assert (await make(operator, f"{number}-pin", people=2))[0] == 201
    assert (await make(operator, slot["id"]))[0] == 409


async def test_a_move_gives_the_old_seat_back_after_the_delay(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    booking.plan.append(booking.plan[0].model_copy(update={"return_after_s": 600}))
    old = await booking.slot(operator)
    new = await booking.slot(operator, **{"from": "2026-12-08"})
    _, made = await make(operator, old["id"])
    answer = await operator.patch(f"/api/reservations/{made['id']}", json={"slot": new["id"]})
    moved = await answer.json()
    assert (answer.status, moved["slot"], moved["version"]) == (200, new["id"], 2)
    assert await free_of(operator, old["id"]) == 1
    booking.clock.on(seconds=601)
    assert await free_of(operator, old["id"]) == 2
    assert [kind for kind, _ in await outbox(booking)] == ["reservation.created", "reservation.moved"]


async def test_a_move_into_a_full_slot_leaves_everything_as_it_was(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    full = await booking.slot(operator)
    other = await booking.slot(operator, **{"from": "2026-12-08"})
    await make(operator, full["id"], people=2)
    _, made = await make(operator, other["id"])
    answer = await operator.patch(f"/api/reservations/{made['id']}", json={"slot": full["id"]})
    assert answer.status == 409
    shown = await (await operator.get(f"/api/reservations/{made['id']}")).json()
    assert (shown["slot"], shown["version"]) == (other["id"], 1)
    assert await free_of(operator, other["id"]) == 1


async def test_people_can_be_added_and_taken_away(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, made = await make(operator, slot["id"])
    path = f"/api/reservations/{made['id']}"
    family = [{"name": "松阪 太郎", "kana": "まつさか たろう"}]
    changed = await (await operator.patch(path, json={"family": family})).json()
    assert (changed["people"], changed["family"][0]["kana"]) == (2, "マツサカ タロウ")
    assert await free_of(operator, slot["id"]) == 0
    changed = await (await operator.patch(path, json={"family": [], "people": 1})).json()
    assert changed["people"] == 1
    assert await free_of(operator, slot["id"]) == 1


async def test_cancelling_twice_is_one_change(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, made = await make(operator, slot["id"])
    path = f"/api/reservations/{made['id']}"
    first, second = await operator.delete(path), await operator.delete(path)
    assert (first.status, second.status) == (200, 200)
    assert await first.json() == await second.json()
    assert [kind for kind, _ in await outbox(booking)] == ["reservation.created", "reservation.cancelled"]
    assert await free_of(operator, slot["id"]) == 2
    refused = await operator.patch(path, json={"notes": "x"})
    assert (refused.status, (await refused.json())["code"]) == (409, "not-possible")


async def test_who_came_is_noted_and_then_nothing_can_be_cancelled(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, made = await make(operator, slot["id"])
    path = f"/api/reservations/{made['id']}"
    shown = await (await operator.patch(path, json={"state": "visited"})).json()
    assert shown["state_title"] == "来庁済み"
    assert (await operator.delete(path)).status == 409


async def test_a_change_of_an_old_version_is_refused(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, made = await make(operator, slot["id"])
    path = f"/api/reservations/{made['id']}"
    await operator.patch(path, json={"notes": "first", "version": 1})
    refused = await operator.patch(path, json={"notes": "second", "version": 1})
    assert (refused.status, (await refused.json())["code"]) == (409, "changed-meanwhile")


async def test_a_my_number_is_refused_in_every_field_and_stored_in_none(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    number = "６２１４－９８３２ 0257"
    for field in ("name", "kana", "phone", "notice_number", "notes"):
        status, problem = await make(operator, slot["id"], **{field: number})
        assert (status, [each["field"] for each in problem["errors"]]) == (422, [field])
        assert "マイナンバー" in problem["detail"]
    _, problem = await make(operator, slot["id"], family=[{"name": number, "kana": "カナ"}])
    assert [each["field"] for each in problem["errors"]] == ["family.0.name"]
    assert (await operator.get("/api/reservations", params={"q": number})).status == 422
    held = await operator.post("/api/holds", json={"slot": slot["id"], "call": "621498320257"})
    assert held.status == 422
    assert await booking.pool.fetchval("SELECT count(*) FROM reservations") == 0


async def test_all_fields_at_fault_are_named_in_japanese(operator: aiohttp.ClientSession) -> None:
    answer = await operator.post(
        "/api/reservations", json={"slot": "x", "kana": "漢字", "phone": "12", "people": 0, "colour": "red"}
    )
    faults = {each["field"]: each["detail"] for each in (await answer.json())["errors"]}
    assert answer.status == 422
    assert faults.keys() == {"slot", "name", "kana", "phone", "people", "colour"}
    assert faults["name"] == "お名前を入力してください。"
    assert faults["people"] == "人数は1以上にしてください。"


async def test_what_cannot_be_is_refused(booking: BookingCentre, operator: aiohttp.ClientSession) -> None:
    slot = await booking.slot(operator)
    wishes: dict[str, dict[str, Any]] = {
        "slot": {"slot": "999999-collection"},
        "people": {"people": 4},
        "fewer people than names": {"people": 1, "family": [{"name": "松", "kana": "マツ"}]},
        "not born yet": {"birth_date": "2062-04-01"},
        "somebody else's call": {"call": "nobody's"},
        "a hold that is gone": {"hold": "gone"},
    }
    codes = {}
    for title, wish in wishes.items():
        _, problem = await make(operator, **({"slot": slot["id"]} | wish))
        codes[title] = problem["code"]
    assert codes == dict.fromkeys(wishes, "invalid") | {"a hold that is gone": "hold-gone"}


async def test_lead_time_and_horizon_are_kept(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    booking.clock.on(minutes=55)  # five minutes before the slot begins
    status, problem = await make(operator, slot["id"])
    assert (status, problem["code"]) == (409, "slot-closed")
    assert "直前" in problem["detail"]
    booking.clock.on(hours=2)
    assert "過ぎています" in (await make(operator, slot["id"]))[1]["detail"]


async def test_a_duplicate_is_shown_and_made_only_on_purpose(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, first = await make(operator, slot["id"])
    status, problem = await make(operator, slot["id"], name="松阪　花子", if_duplicate="refuse")
    assert (status, problem["code"]) == (409, "duplicate")
    assert [each["id"] for each in problem["duplicates"]] == [first["id"]]
    status, second = await make(operator, slot["id"])
    assert status == 201
    assert second["duplicates"] == [first["id"]]


async def test_a_repeat_is_answered_from_the_database_after_a_restart(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    wish = CITIZEN | {"slot": slot["id"], "people": 2}
    path = "/api/reservations"
    first = await operator.post(path, json=wish, headers={"Idempotency-Key": "k1"})
    made = await first.json()
    # The server remembers answers too; the office itself is asked, as by a server that has just started.
    row = await booking.pool.fetchrow("SELECT * FROM booking_requests")
    once = Once(row["caller"], row["request"], row["key"], row["digest"])
    who = Who("sato", Channel.OPERATOR)
    again = await booking.office.making.reserve(ReservationWish.model_validate(wish), who, once)
    assert (again.status, again.content) == (201, made)
    assert await booking.pool.fetchval("SELECT count(*) FROM reservations") == 1


async def test_the_citys_quota_is_kept(booking: BookingCentre) -> None:
    number = await booking.pool.fetchval("SELECT id FROM slots WHERE venue = 'koseki' ORDER BY starts_at")
    wish = ReservationWish.model_validate(CITIZEN | {"slot": str(SlotId(number, "collection"))})
    city = Who("koseki", Channel.CITY)
    await booking.office.making.reserve(wish, city, None)
    with pytest.raises(SlotFull):
        await booking.office.making.reserve(wish, city, None)
    await booking.office.making.reserve(wish, Who("sato", Channel.OPERATOR), None)


async def test_sixteen_operators_share_two_seats(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    statuses = await asyncio.gather(*(make(operator, slot["id"]) for _ in range(16)))
    assert sorted(status for status, _ in statuses) == [201] * 2 + [409] * 14
