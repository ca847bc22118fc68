"""A counted outreach call is placed on the operator's own phone, once; or not, with one clear sentence."""

from pathlib import Path
from typing import Any

import pytest

from booking.errors import NotPossible
from booking.outreach import calling
from booking.outreach.placing import refuse_if_impossible
from booking.outreach.wishes import TargetQuery
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId
from telephony.model.operator_leg import operator_leg
from tests.integration.booking.rooms import RoomsCentre, said
from tests.integration.booking.test_outreach import MID_MONTH, gate, rows, take_in
from tests.integration.commands import commands

NUMBER = "+81598534000"
TARGETS = TargetQuery()


@pytest.fixture
async def target(rooms: RoomsCentre) -> str:
    """Return the address of a target that Sato, who is ready, has in hand."""
    rooms.clock.now = MID_MONTH
    await take_in(rooms, rows(2))
    rooms.running.floor.ready("sato")
    return f"/api/outreach/{(await rooms.rooms.outreach.next('sato'))['id']}"


async def rung(centre: RoomsCentre) -> list[cmd.CallOperator]:
    """Return the orders to ring an operator's own phone."""
    await centre.running.floor.engine.drain()
    return [order for order in centre.running.floor.switch.orders if isinstance(order, cmd.CallOperator)]


async def test_the_own_phone_rings_for_the_number_of_the_row(rooms: RoomsCentre, target: str) -> None:
    async with rooms.running.signed_in("sato") as sato:
        status, counted = await said(await sato.post(f"{target}/dial", json={}))
    assert (status, counted["rings"], counted["number"], counted["left"]) == (201, "sato", NUMBER, 34)
    (order,) = await rung(rooms)
    assert (order.agent, order.number, order.asked_for) == ("sato", NUMBER, False)
    (live,) = rooms.running.floor.engine.calls()
    assert (live.outreach, live.caller, live.agent) == (counted["call"], NUMBER, "sato")


async def test_a_request_that_comes_twice_rings_once(rooms: RoomsCentre, target: str) -> None:
    again = {"Idempotency-Key": "k"}
    async with rooms.running.signed_in("sato") as sato:
        first = await said(await sato.post(f"{target}/dial", json={}, headers=again))
        assert await said(await sato.post(f"{target}/dial", json={}, headers=again)) == first
    assert len(await rung(rooms)) == 1
    assert (await gate(rooms))["made"] == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (ev.PhoneChanged(AgentName("sato"), registered=False), "接続"),
        (ev.PhoneChanged(AgentName("sato"), registered=True, in_use=True), "使用中"),
        (ev.EmergencyChanged("emergency"), "緊急"),
    ],
)
async def test_what_cannot_be_placed_is_refused_in_words_and_not_counted(
    rooms: RoomsCentre, target: str, change: ev.Event, why: str
) -> None:
    rooms.running.floor.engine.submit(change)
    async with rooms.running.signed_in("sato") as sato:
        status, refused = await said(await sato.post(f"{target}/dial", json={}))
    assert (status, refused["code"], why in refused["detail"]) == (409, "not-possible", True)
    assert ((await gate(rooms))["made"], await rung(rooms)) == (0, [])


async def test_a_call_that_is_offered_between_counting_and_dialling_is_told_as_counted(
    rooms: RoomsCentre, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Race: an inbound call reaches the operator while the database counts."""
    floor = rooms.running.floor

    def checked(*asked: Any) -> None:
        refuse_if_impossible(*asked)
        floor.engine.submit(ev.PhoneChanged(AgentName("sato"), registered=True, in_use=True))

    monkeypatch.setattr(calling, "refuse_if_impossible", checked)
    with pytest.raises(NotPossible, match="数えました"):
        await rooms.rooms.outreach.dial(int(target.rpartition("/")[2]), "sato", None, "sato")
    assert ((await gate(rooms))["made"], await rung(rooms)) == (1, [])


async def test_operators_ring_no_phone_but_their_own(rooms: RoomsCentre, target: str) -> None:
    async with rooms.running.signed_in("sato") as sato:
        other = await said(await sato.post(f"{target}/dial", json={"agent": "suzuki"}))
        both = await said(await sato.post(f"{target}/dial", json={"phone": "other", "agent": "sato"}))
        typed = await said(await sato.post(f"{target}/dial", json={"number": "+81312345678"}))
    assert (other[0], both[0], typed[0]) == (403, 422, 422)
    assert ((await gate(rooms))["made"], await rung(rooms)) == (0, [])


async def test_a_busy_target_is_told_to_the_desk_with_what_to_record(rooms: RoomsCentre, target: str) -> None:
    engine = rooms.running.floor.engine
    async with rooms.running.signed_in("sato") as sato, rooms.running.desk(sato) as desk:
        await desk.next("snapshot")
        row = (await said(await sato.post(f"{target}/dial", json={})))[1]["call"]
        offer = await desk.next("offer")
        assert (offer["outreach"], offer["caller"]) == (row, NUMBER)
        call, number = CallId(offer["call"]), offer["offer"]
        leg = operator_leg(call, number, "201")
        engine.submit(ev.OfferRang(call, number, leg))
        engine.submit(ev.OfferAnswered(call, number))
        engine.submit(ev.CitizenReturned(call, number, ev.DialStatus.BUSY))
        told = await desk.next("outreach")
        assert (told["outreach"], told["result"], told["proposed"]) == (row, "busy", "busy")


@pytest.mark.usefixtures("target")
async def test_the_command_line_rings_the_phone_of_whom_it_names(
    rooms: RoomsCentre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = commands(rooms.running, tmp_path, monkeypatch, capfd)
    assert "事業所1" in (await command("outreach", "next"))[1]
    (mine,) = [each["id"] for each in await rooms.rooms.outreach.find(TARGETS) if each["name"] == "事業所1"]
    assert "the phone of sato rings" in (await command("outreach", "dial", str(mine), "--as", "sato"))[1]
    assert [order.agent for order in await rung(rooms)] == ["sato"]
