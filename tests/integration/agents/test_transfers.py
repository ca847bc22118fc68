"""Transfers by desk, HTTP and command line: whose calls, to whom, and what is said to who may not."""

from pathlib import Path

import pytest

from telephony.model.commands import CallCommand
from telephony.model.events import PhoneChanged
from telephony.model.ids import AgentName, CallId
from telephony.model.supervision.events import SupervisorAnswered
from telephony.model.transferring.commands import TakeFromOperator
from tests.integration.agents.centre import Running
from tests.integration.commands import Command, commands

CHIEF = AgentName("tanaka")


@pytest.fixture
def command(
    centre: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Run one command line; return status, output and errors."""
    return commands(centre, tmp_path, monkeypatch, capfd)


async def talking(centre: Running) -> CallId:
    """Let sato talk to a caller, with a supervisor's phone plugged in."""
    centre.floor.ready("sato")
    call = centre.floor.arrive("c1")
    await centre.floor.choose(call)
    centre.floor.answer(call)
    centre.floor.engine.submit(PhoneChanged(CHIEF, registered=True))
    return call


async def taken(centre: Running) -> list[CallCommand]:
    """Return the orders that take a caller from an operator."""
    await centre.floor.engine.drain()
    return [order for order in centre.floor.switch.orders if isinstance(order, TakeFromOperator)]


async def test_an_operator_transfers_the_own_call_at_the_desk(centre: Running) -> None:
    call = await talking(centre)
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        for wrong in ({}, {"operator": "tanaka", "queue": "booking"}):
            assert "bad-field" == (await desk.ask("transfer", **wrong))["code"]
        assert "cannot-transfer" == (await desk.ask("transfer", operator="suzuki"))["code"]
        assert "cannot-transfer" == (await desk.ask("transfer", referral="nowhere"))["code"]
        assert [] == await taken(centre)
        await desk.say("transfer", operator="tanaka", call=call)
        assert "parting" == (await desk.next("call"))["call"]["state"]
    assert [TakeFromOperator(call)] == await taken(centre)


async def test_nobody_transfers_somebody_elses_call_but_the_floor_may(centre: Running) -> None:
    call = await talking(centre)
    path = f"/api/calls/{call}/transfer"
    async with centre.signed_in("suzuki") as other, centre.desk(other) as desk:
        assert 404 == (await other.post(path, json={"operator": "tanaka"})).status
        assert "not-your-call" == (await desk.ask("transfer", call=call, operator="tanaka"))["code"]
    assert [] == await taken(centre)
    async with centre.signed_in("tanaka") as chief:
        for wish in ({}, {"operator": "sato", "queue": "x"}, {"operator": "a\x00"}, {"number": "0901"}):
            assert 422 == (await chief.post(path, json=wish)).status, wish
        busy = await chief.post(path, json={"operator": "sato"})
        assert (409, "This operator talks on the call already.") == (
            busy.status,
            (await busy.json())["detail"],
        )
        assert 204 == (await chief.post(path, json={"operator": "tanaka"})).status
    assert [TakeFromOperator(call)] == await taken(centre)


async def joined(centre: Running) -> None:
    """Let whoever was asked pick up."""
    (session,) = centre.floor.engine.centre.floor.supervisions
    await centre.floor.engine.drain()
    centre.floor.engine.submit(SupervisorAnswered(session))
    await centre.floor.engine.drain()


async def test_an_operator_has_somebody_join_and_hands_the_call_over(centre: Running) -> None:
    await talking(centre)
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        assert "bad-field" == (await desk.ask("consult", operator="tanaka", mode="listen"))["code"]
        assert "cannot-join" == (await desk.ask("consult", operator="suzuki", mode="advise"))["code"]
        assert "not-joined" == (await desk.ask("consult", operator="tanaka", mode="end"))["code"]
        await desk.say("consult", operator="tanaka", mode="consult")
        asked = {"operator": "tanaka", "mode": "consult", "joined": False}
        assert [asked] == (await desk.next("call"))["call"]["consultation"]
        await joined(centre)
        here = (await desk.next("call"))["call"]
        assert ([asked | {"joined": True}], []) == (here["consultation"], here["supervision"])
        await desk.say("consult", operator="tanaka", mode="complete")
        while (await desk.next("agent"))["agent"]["state"] == "talking":
            continue
    orders = [type(order).__name__ for order in centre.floor.switch.orders if order.call.startswith("sv-")]
    assert ["CallSupervisor", "Hear", "TakeOver"] == orders


async def test_nobody_joins_somebody_elses_call(centre: Running, command: Command) -> None:
    call = await talking(centre)
    path = f"/api/calls/{call}/consultation"
    async with centre.signed_in("suzuki") as other, centre.desk(other) as desk:
        assert 404 == (await other.post(path, json={"operator": "tanaka"})).status
        assert 404 == (await other.delete(path, params={"operator": "tanaka"})).status
        refused = await desk.ask("consult", call=call, operator="tanaka", mode="complete")
        assert "not-your-call" == refused["code"]
    assert {} == centre.floor.engine.centre.floor.supervisions
    assert 0 == (await command("consult", call, "tanaka"))[0]
    await joined(centre)
    assert 0 == (await command("consult", call, "tanaka", "--mode", "end"))[0]
    assert (1, "", f"There is no sato on call {call}.\n") == await command(
        "consult", call, "sato", "--mode", "end"
    )


async def test_the_command_line_transfers_and_says_what_cannot_be(centre: Running, command: Command) -> None:
    assert (1, "", "There is no live call c9.\n") == await command("transfer", "c9", "tanaka")
    call = await talking(centre)
    refused = await command("transfer", call, "referral:0900000000")
    assert (1, "", "Calls are transferred to the places of the referral list only.\n") == refused
    assert 1 == (await command("transfer", call, "queue:nowhere"))[0]
    assert (0, f"Call {call} goes to tanaka.\n", "") == await command("transfer", call, "tanaka")
    assert [TakeFromOperator(call)] == await taken(centre)
