"""The floor's commands over HTTP: what they do, how they are taken back, what is said of wrong ones."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agents.web.commands import COMMANDS
from madoguchi.cli.commands import app as command_line
from telephony.model.events import AgentReadied, KeyPressed, PhoneChanged, PlaybackEnded
from telephony.model.ids import AgentName, CallId
from tests.integration.agents.centre import Running, running_centre


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with running_centre(database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def chief(centre: Running) -> AsyncIterator[aiohttp.ClientSession]:
    async with centre.signed_in("tanaka") as browser:
        yield browser


def wait(centre: Running, name: str) -> CallId:
    """Let a caller stand in the line for bookings."""
    engine, call = centre.floor.engine, CallId(centre.floor.arrive(name))
    playback = engine.centre.floor.calls[call].playback
    assert playback is not None
    engine.submit(PlaybackEnded(call, playback, heard=True))
    engine.submit(KeyPressed(call, "1"))
    return call


def ready(centre: Running, name: str) -> None:
    for event in (PhoneChanged(AgentName(name), registered=True), AgentReadied(AgentName(name))):
        centre.floor.engine.submit(event)


async def give(browser: aiohttp.ClientSession, path: str, body: object) -> tuple[int, Any, str | None]:
    """Give a command; return status, answer, and the token that takes it back."""
    answer = await browser.post(path, json=body)
    content = await answer.json(content_type=None) if answer.status != 204 else None
    return answer.status, content, answer.headers.get("Madoguchi-Undo")


async def state_of(centre: Running, call: CallId) -> str:
    view = centre.floor.engine.call_view(call)
    assert view is not None
    return view.state


async def test_a_queue_is_paused_and_the_pause_taken_back(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    ready(centre, "sato")
    status, queue, token = await give(chief, "/api/queues/booking/pause", {})
    assert (status, [each["kind"] for each in queue["measures"]]) == (200, ["pause"])
    assert queue["measures"][0]["by"] == "tanaka"
    call = wait(centre, "c1")
    assert await state_of(centre, call) == "waiting"

    assert await give(chief, "/api/undo", {"token": token}) == (
        200,
        {"undone": "pause of queue booking"},
        None,
    )

    assert await state_of(centre, call) == "offered"
    assert (await give(chief, "/api/undo", {"token": token}))[0] == 409


async def test_a_resumed_queue_is_paused_again_until_its_old_end(chief: aiohttp.ClientSession) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=5)).replace(microsecond=0)
    await give(chief, "/api/queues/booking/pause", {"until": until.isoformat()})
    await give(chief, "/api/queues/booking/resume", {})

    assert (await give(chief, "/api/undo", {}))[0] == 200

    (queue, *_) = (await (await chief.get("/api/queues")).json())["queues"]
    assert datetime.fromisoformat(queue["measures"][0]["until"]) == until


async def test_what_somebody_changed_since_is_not_taken_back(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    _, _, token = await give(chief, "/api/queues/booking/limit", {"waiting": 5})
    async with centre.signed_in("mori") as manager:
        await give(manager, "/api/queues/booking/limit", {"waiting": 9})

    status, problem, _ = await give(chief, "/api/undo", {"token": token})

    assert (status, problem["detail"]) == (409, "Queue booking was changed again since.")
    measures = centre.floor.engine.queues()[0].measures
    assert [measure.waiting for measure in measures] == [9]


async def test_a_call_is_moved_and_moved_back_to_its_place(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    first, second = wait(centre, "c1"), wait(centre, "c2")
    await give(chief, f"/api/calls/{second}/move", {"first": True})
    line = centre.floor.engine.centre.floor.line
    now = centre.floor.engine.now
    assert list(line.waiting(now())) == [second, first]

    assert (await give(chief, "/api/undo", {}))[0] == 200

    assert list(line.waiting(now())) == [first, second]


async def test_a_supervisor_takes_a_call_without_being_ready(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    centre.floor.engine.submit(PhoneChanged(AgentName("tanaka"), registered=True))
    call = wait(centre, "c1")

    status, given, _ = await give(chief, f"/api/calls/{call}/give", {})

    assert (status, given) == (200, {"call": call, "agent": "tanaka"})
    assert await state_of(centre, call) == "offered"


async def test_a_state_and_a_skill_are_set_and_taken_back(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    ready(centre, "sato")
    answer = await chief.post("/api/agents/sato/state", json={"state": "paused", "reason": "lunch"})
    assert (answer.status, "Madoguchi-Undo" in answer.headers) == (204, True)
    assert (await give(chief, "/api/undo", {}))[0] == 200
    assert (await (await chief.get("/api/agents/sato")).json())["state"] == "ready"

    changed = await chief.patch("/api/agents/sato", json={"skills": {"booking": 2}})
    assert changed.status == 200
    assert (await give(chief, "/api/undo", {}))[0] == 200
    assert (await (await chief.get("/api/agents/sato")).json())["skills"] == {"booking": 10}


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("/api/queues/bokking/pause", {}, 404, "There is no queue bokking; the nearest name is booking."),
        ("/api/queues/xyz/resume", {}, 404, "There is no queue xyz; there are booking, card, general."),
        ("/api/queues/booking/resume", {}, 409, "Queue booking is not paused."),
        (
            "/api/queues/booking/pause",
            {"until": "2020-01-01T00:00:00+09:00"},
            422,
            "until must lie in the future, within 24 hours.",
        ),
        (
            "/api/queues/booking/tiers",
            {"tiers": [{"after_s": 5, "min_weight": 1}]},
            422,
            "must begin with after_s 0",
        ),
        ("/api/queues/booking/limit", {"waiting": 0}, 422, "waiting"),
        ("/api/calls/none/give", {"to": "sato"}, 404, "There is no live call none."),
        (
            "/api/undo",
            {},
            409,
            "There is nothing to undo; your commands can be taken back for 60 seconds, once.",
        ),
    ],
)
@pytest.mark.usefixtures("centre")
async def test_a_wrong_command_gets_one_sentence(
    chief: aiohttp.ClientSession, path: str, body: object, status: int, sentence: str
) -> None:
    found, problem, token = await give(chief, path, body)

    assert (found, token) == (status, None)
    assert sentence in problem["detail"]


async def test_a_wrong_name_or_prompt_for_a_call_gets_one_sentence(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    call = wait(centre, "c1")

    _, nobody, _ = await give(chief, f"/api/calls/{call}/give", {"to": "satoo"})
    _, away, _ = await give(chief, f"/api/calls/{call}/give", {"to": "sato"})
    _, nowhere, _ = await give(chief, f"/api/calls/{call}/move", {"queue": "crad"})

    assert "the nearest name is sato." in nobody["detail"]
    assert away["detail"] == "The telephone of sato is not registered."
    assert "the nearest name is card." in nowhere["detail"]
    assert await state_of(centre, call) == "waiting"


async def test_commands_are_listed_for_whoever_may_give_them(
    centre: Running, chief: aiohttp.ClientSession
) -> None:
    listed = (await (await chief.get("/api/commands")).json())["commands"]
    served = {f"{command.method} {command.path}" for command in COMMANDS} & centre.routes

    assert {f"{each['method']} {each['path']}" for each in listed} == served
    async with centre.signed_in("sato") as operator:
        assert (await operator.get("/api/commands")).status == 403


def test_every_command_of_the_table_is_one_of_the_command_line() -> None:
    known = {
        command.callback.__name__.strip("_")
        for command in command_line.registered_commands
        if command.callback
    }
    groups = {
        f"{group.name} {command.name or command.callback.__name__}"
        for group in command_line.registered_groups
        if group.typer_instance is not None
        for command in group.typer_instance.registered_commands
        if command.callback is not None
    }
    for command in COMMANDS:
        first, second = (*command.typed.split(), "")[:2]
        assert first in known or f"{first} {second}" in groups, command.typed
