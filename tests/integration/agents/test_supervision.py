"""Supervisors' commands by HTTP, desk and command line: who may, what is said, what the trail keeps."""

from pathlib import Path
from typing import Any

import pytest

from telephony.model.events import PhoneChanged
from telephony.model.ids import AgentName, CallId
from telephony.model.supervision.commands import CallSupervisor, Hear
from telephony.model.supervision.events import SupervisorAnswered
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
    """Let sato talk to a caller, with the supervisor's phone plugged in."""
    centre.floor.ready("sato")
    call = centre.floor.arrive("c1")
    await centre.floor.choose(call)
    centre.floor.answer(call)
    centre.floor.engine.submit(PhoneChanged(CHIEF, registered=True))
    return call


async def orders(centre: Running) -> list[CallSupervisor | Hear]:
    """Return what Asterisk was ordered for supervisors."""
    await centre.floor.engine.drain()
    return [order for order in centre.floor.switch.orders if isinstance(order, CallSupervisor | Hear)]


async def pick_up(centre: Running) -> None:
    """Let the supervisor pick up."""
    (session,) = centre.floor.engine.centre.floor.supervisions
    await centre.floor.engine.drain()
    centre.floor.engine.submit(SupervisorAnswered(session))


async def test_a_supervisor_uses_the_own_phone_and_no_other(centre: Running) -> None:
    call = await talking(centre)
    path = f"/api/calls/{call}/supervision"
    async with centre.signed_in("tanaka") as browser:
        refused = await browser.post(path, json={"mode": "listen", "supervisor": "sato"})
        assert (403, "not-allowed") == (refused.status, (await refused.json())["code"])
        assert 204 == (await browser.post(path, json={"mode": "listen"})).status
    assert ["CallSupervisor"] == [type(order).__name__ for order in await orders(centre)]


async def test_who_is_no_supervisor_hears_nobody(centre: Running) -> None:
    call = await talking(centre)
    path = f"/api/calls/{call}/supervision"
    async with centre.signed_in("suzuki") as browser:
        assert 403 == (await browser.post(path, json={"mode": "listen"})).status
    async with centre.cli() as cli:
        for name in ("suzuki", "nobody", "mori"):
            answer = await cli.post(path, json={"mode": "listen", "supervisor": name})
            assert 422 == answer.status, name
        unasked = await cli.post(path, json={"mode": "consult", "supervisor": "tanaka"})
        assert 422 == unasked.status, "only the operator can put the caller on hold"
        trail = (await (await cli.get("/api/audit")).json())["entries"]
    assert [] == await orders(centre)
    tried = [row["detail"] for row in trail if row["what"] == "POST /api/calls/{id}/supervision"]
    assert ["tanaka", "mori", "nobody", "suzuki", None] == [detail.get("supervisor") for detail in tried]


async def test_the_command_line_says_in_a_sentence_what_cannot_be(centre: Running, command: Command) -> None:
    none = await command("listen", "c9", "--as", "tanaka")
    assert (1, "", "There is no live call c9.\n") == none
    call = centre.floor.arrive("c1")
    early = await command("listen", call, "--as", "tanaka")
    assert (1, "", "Nobody talks with an operator on this call now.\n") == early
    assert 2 == (await command("listen", call))[0]
    status, _, said = await command("call", call, "move", "nowhere")
    assert (1, "There is no queue nowhere; there are booking, card, general.\n") == (status, said)
    assert 2 == (await command("call", call, "move"))[0]


async def test_the_command_line_listens_changes_and_leaves(centre: Running, command: Command) -> None:
    call = await talking(centre)
    assert 0 == (await command("listen", call, "--as", "tanaka"))[0]
    await pick_up(centre)
    assert 0 == (await command("whisper", call, "--as", "tanaka"))[0]
    found = await orders(centre)
    assert [("listen", False), ("whisper", True)] == [
        (order.mode, order.again) for order in found if isinstance(order, Hear)
    ]
    assert 0 == (await command("leave", call, "--as", "tanaka"))[0]
    status, _, said = await command("leave", call, "--as", "tanaka")
    assert (1, "Your phone is just being let go; try again in a moment.\n") == (status, said)


@pytest.mark.parametrize("shown", [True, False])
async def test_the_operators_screen_shows_it_if_the_setting_says_so(centre: Running, *, shown: bool) -> None:
    setting = centre.floor.plan.supervision.model_copy(update={"shown_to_operator": shown})
    centre.floor.plan = centre.floor.plan.model_copy(update={"supervision": setting})
    call = await talking(centre)
    async with (
        centre.signed_in("sato") as operator,
        centre.signed_in("tanaka") as chief,
        centre.desk(operator) as screen,
        centre.desk(chief) as floor,
    ):
        await floor.ask("supervise", call=call, mode="listen")
        await pick_up(centre)
        own = await heard_on(screen)
        assert (["tanaka"] if shown else []) == [each["supervisor"] for each in own]
        everybody = await heard_on(floor)
        assert [("tanaka", "listen")] == [(each["supervisor"], each["mode"]) for each in everybody]
        refused = await screen.ask("supervise", call=call, mode="listen")
        assert "not-allowed" == refused["code"]


async def heard_on(screen: Any) -> list[dict[str, Any]]:
    """Return who hears the call by the next news of it."""
    return list((await screen.next("call"))["call"]["supervision"])


async def test_a_notice_is_on_every_screen(centre: Running, command: Command) -> None:
    async with centre.signed_in("sato") as operator, centre.desk(operator) as screen:
        assert (0, "The notice is on every open screen.\n", "") == await command(
            "notice", "電車が遅れています。"
        )
        shown = await screen.next("notice")
        assert ("broadcast", "電車が遅れています。") == (shown["code"], shown["text"])
    assert 1 == (await command("notice", " "))[0]
