"""Holds that run out, are seen and taken over; people who wait and are offered what comes free, in order."""

from typing import Any

import aiohttp

from tests.integration.booking.office import CITIZEN, BookingCentre


async def hold(client: aiohttp.ClientSession, slot: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/api/holds", json={"slot": slot} | more)
    return answer.status, await answer.json()


async def book(client: aiohttp.ClientSession, slot: str, **more: Any) -> int:
    return (await client.post("/api/reservations", json=CITIZEN | {"slot": slot} | more)).status


async def test_a_held_seat_is_seen_and_booked_only_by_its_holder(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    status, held = await hold(operator, slot["id"], people=2, call="call-1")
    assert (status, held["by"], held["people"], held["for"]) == (201, "sato", 2, "call-1")
    async with booking.running.signed_in("suzuki") as other:
        shown = await booking.slot(other)
        assert (shown["free"], shown["held"]) == (0, 2)
        assert await book(other, slot["id"]) == 409
        assert await book(other, slot["id"], hold=held["id"]) == 409
        (seen,) = (await (await other.get("/api/holds")).json())["holds"]
        assert (seen["id"], seen["by"], seen["written"]) == (held["id"], "sato", "12月7日(月) 09:00")
    assert await book(operator, slot["id"], hold=held["id"]) == 201
    # One of two was booked, and the other is free again at once.
    assert (await booking.slot(operator))["free"] == 1


async def test_a_hold_runs_out_and_can_be_renewed_before(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, held = await hold(operator, slot["id"], people=2)
    booking.clock.on(seconds=200)
    assert (await operator.post(f"/api/holds/{held['id']}/renew")).status == 200
    booking.clock.on(seconds=200)
    assert (await booking.slot(operator))["free"] == 0
    booking.clock.on(seconds=200)
    assert (await booking.slot(operator))["free"] == 2
    assert (await operator.post(f"/api/holds/{held['id']}/renew")).status == 409


async def test_a_hold_is_taken_over_on_purpose(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    slot = await booking.slot(operator)
    _, held = await hold(operator, slot["id"])
    async with booking.running.signed_in("suzuki") as other:
        taken = await (await other.post(f"/api/holds/{held['id']}/takeover")).json()
        assert taken["by"] == "suzuki"
        assert await book(operator, slot["id"], hold=held["id"]) == 409
        assert (await operator.delete(f"/api/holds/{held['id']}")).status == 409
        assert (await other.delete(f"/api/holds/{held['id']}")).status == 204
    assert (await booking.slot(operator))["held"] == 0


async def wait(client: aiohttp.ClientSession, name: str, **more: Any) -> dict[str, Any]:
    wish = CITIZEN | {"service": "collection", "venue": "ureshino", "name": name} | more
    answer = await client.post("/api/waitlist", json=wish)
    assert answer.status == 201, await answer.text()
    entry: dict[str, Any] = await answer.json()
    return entry


async def test_what_comes_free_is_offered_in_the_order_of_coming(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    booking.plan.append(booking.plan[0].model_copy(update={"return_after_s": 600}))
    answer = await operator.get("/api/slots", params={"service": "collection", "venue": "ureshino"})
    made = []
    for slot in (await answer.json())["slots"]:
        reserved = await operator.post("/api/reservations", json=CITIZEN | {"slot": slot["id"]})
        made.append(await reserved.json())
    first, second = await wait(operator, "一番"), await wait(operator, "二番")
    assert await booking.office.waitlist.offer() == 0
    await operator.delete(f"/api/reservations/{made[0]['id']}")
    assert await booking.office.waitlist.offer() == 1  # before the seat returns to everybody
    entries = (await (await operator.get("/api/waitlist")).json())["waitlist"]
    assert [(each["id"], each["state"]) for each in entries] == [
        (first["id"], "offered"),
        (second["id"], "waiting"),
    ]
    offered = entries[0]
    assert offered["offered"]["slot"] == made[0]["slot"]
    assert (await operator.post(f"/api/holds/{offered['hold']}/takeover")).status == 200
    assert await book(operator, made[0]["slot"], hold=offered["hold"]) == 201
    booked = (await (await operator.get("/api/waitlist", params={"state": "booked"})).json())["waitlist"]
    assert [each["id"] for each in booked] == [first["id"]]


async def test_an_offer_that_runs_out_goes_to_the_next(
    booking: BookingCentre, operator: aiohttp.ClientSession
) -> None:
    one_desk = {"from": "2026-12-07T00:00:00+09:00", "until": "2026-12-07T09:10:00+09:00"}
    first, second = await wait(operator, "一番", **one_desk), await wait(operator, "二番")
    assert await booking.office.waitlist.offer() == 2  # two slots, two people
    assert (await operator.delete(f"/api/waitlist/{second['id']}")).status == 204
    booking.clock.on(days=2)
    third = await wait(operator, "三番")
    await booking.office.waitlist.offer()
    states = {row["id"]: row["state"] for row in await booking.pool.fetch("SELECT id, state FROM waitlist")}
    assert states == {first["id"]: "expired", second["id"]: "withdrawn", third["id"]: "offered"}
    assert (await operator.delete(f"/api/waitlist/{second['id']}")).status == 409
