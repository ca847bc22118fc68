"""``/api/openapi.json`` is true: every route is in it, real answers are as it says, hostile requests too."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from agents.web.application import make_application
from agents.web.openapi import document
from agents.web.rules import ROUTES
from tests.integration.agents.centre import Running, login
from tests.integration.attack import attack
from tests.unit.telephony_records import RECORD

HAND_DRIVEN = {"GET /api/desk", "GET /api/floor"}
"""WebSockets: schemathesis speaks HTTP only."""


def test_every_route_that_is_served_is_in_the_document(centre: Running) -> None:
    app = make_application(centre.parts)
    served = {(r.method.lower(), r.resource.canonical) for r in app.router.routes() if r.resource is not None}
    paths = document(ROUTES)["paths"]
    assert served == {(method, path) for path, methods in paths.items() for method in methods}


def test_what_a_route_takes_is_what_checks_it() -> None:
    """A route that writes with a body, or answers with one, must say its shape."""
    for route in ROUTES:
        taken = route.body is not None or route.method in {"GET", "DELETE"} or route.path in _WITHOUT_BODY
        assert taken, f"{route.method} {route.path} takes a body of no shape"
        silent = route.status in {101, 204} or route.media != "application/json"
        assert route.answer is not None or silent or route.path == "/api/openapi.json"


_WITHOUT_BODY = {"/api/desk/ticket", "/api/calls/{id}/hangup", "/api/callbacks/{id}/cancel"}


class Judge:
    """Holds answers to the document."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self.judged: set[tuple[str, str, int]] = set()

    async def __call__(self, method: str, path: str, answer: aiohttp.ClientResponse) -> Any:
        responses = self._told["paths"][path][method.lower()]["responses"]
        assert str(answer.status) in responses, (
            f"{method} {path} answered {answer.status}: {await answer.text()}"
        )
        self.judged.add((method, path, answer.status))
        content = responses[str(answer.status)].get("content")
        if content is None:
            return None
        assert answer.content_type in content
        if "json" not in answer.content_type:
            return await answer.text()
        body = await answer.json(content_type=None)
        schema = content[answer.content_type]["schema"]
        checker: Validator = Draft202012Validator({**schema, "components": self._told["components"]})
        checker.validate(body)
        return body


@asynccontextmanager
async def judged(centre: Running) -> AsyncIterator[tuple[aiohttp.ClientSession, Judge]]:
    """Give the command line and a judge of its answers."""
    async with centre.cli() as cli:
        yield cli, Judge(await (await cli.get("/api/openapi.json")).json())


async def _command_the_floor(centre: Running, ask: Callable[..., Awaitable[Any]]) -> None:
    """Use every command of supervisors once, and wrongly."""
    for mode in ({"mode": "listen", "supervisor": "tanaka"}, {"mode": "listen"}, {"mode": "spy"}):
        await ask("POST", "/api/calls/{id}/supervision", "c1", json=mode)
    await ask("DELETE", "/api/calls/{id}/supervision", "c1", params={"supervisor": "tanaka"})
    for wish in ({"first": True}, {}, {"queue": "none"}):
        await ask("POST", "/api/calls/{id}/move", "c1", json=wish)
    for wish in ({"operator": "tanaka"}, {"referral": "none"}, {}):
        await ask("POST", "/api/calls/{id}/transfer", "c1", json=wish)
    for wish in ({"operator": "tanaka"}, {"operator": "tanaka", "mode": "listen"}):
        await ask("POST", "/api/calls/{id}/consultation", "c1", json=wish)
    await ask("DELETE", "/api/calls/{id}/consultation", "c1", params={"operator": "tanaka"})
    for name in ("c2", "c3"):
        await centre.floor.choose(centre.floor.arrive(name))
    moved = await ask("POST", "/api/calls/{id}/move", "c3", json={"first": True})
    assert "booking" == moved["from_queue"]
    for wish in ({"to": "nobody"}, {"to": "suzuki"}, {}):
        await ask("POST", "/api/calls/{id}/give", "c3", json=wish)
    for wish in ({"message": "position"}, {}):
        await ask("POST", "/api/calls/{id}/remove", "c3", json=wish)
    for queue, deed, wish in (
        ("booking", "pause", {}),
        ("booking", "resume", {}),
        ("booking", "resume", {}),
        ("none", "pause", {}),
        ("booking", "limit", {"waiting": 3}),
        ("booking", "limit", {"waiting": 0}),
        ("booking", "tiers", {"tiers": [{"after_s": 0, "min_weight": 1}]}),
        ("booking", "tiers", {"tiers": []}),
    ):
        await ask("POST", f"/api/queues/{{name}}/{deed}", queue, json=wish)
    assert await ask("POST", "/api/undo", json={})
    await ask("POST", "/api/undo", json={"token": "none"})
    assert (await ask("GET", "/api/commands"))["commands"]
    await ask("POST", "/api/notices", json={"text": "本日は17時で終わります。"})
    await ask("POST", "/api/notices", json={"text": " "})


async def test_real_answers_are_as_the_document_says(centre: Running) -> None:
    """Every route once, as it is used, and every kind of refusal."""
    centre.shelf.records = {"r1": RECORD}
    centre.floor.ready("sato")
    centre.floor.arrive("c1")
    async with judged(centre) as (cli, judge), centre.client() as browser:

        async def ask(method: str, path: str, name: str = "", **options: Any) -> Any:
            real = path.replace("{name}", name).replace("{id}", name)
            return await judge(method, path, await cli.request(method, real, **options))

        for path in ("/healthz", "/readyz", "/metrics", "/api/status", "/api/session", "/api/calls/live"):
            await ask("GET", path)
        for path in (
            "/api/calls",
            "/api/export/queue-log",
            "/api/agents",
            "/api/queues",
            "/api/figures",
            "/api/accounts",
        ):
            await ask("GET", path)
        assert await ask("GET", "/api/calls/{id}", "c1")
        assert (await ask("GET", "/api/calls/{id}", "r1"))["live"] is False
        await ask("GET", "/api/calls/{id}", "none")
        await ask("GET", "/api/calls", params={"limit": "x"})
        await _command_the_floor(centre, ask)
        await ask("POST", "/api/calls/{id}/hangup", "c1")
        await ask("GET", "/api/callbacks")
        await ask("POST", "/api/callbacks/{id}/cancel", "none")
        new = {"name": "ito", "extension": "210", "level": "standard", "skills": {"booking": 3}}
        await ask("POST", "/api/agents", json=new)
        await ask("POST", "/api/agents", json=new)
        await ask("GET", "/api/agents/{name}", "ito")
        await ask("PATCH", "/api/agents/{name}", "ito", json={"new_password": True})
        await ask("POST", "/api/agents/{name}/state", "sato", json={"state": "logged-out"})
        await ask("DELETE", "/api/agents/{name}", "ito")
        await ask("POST", "/api/accounts", json={"name": "abe", "role": "ops"})
        await ask("POST", "/api/accounts", json={"name": "abe", "role": "operator"})
        await ask("GET", "/api/accounts/{name}", "abe")
        await ask("PATCH", "/api/accounts/{name}", "abe", json={"disabled": True})
        await ask("POST", "/api/desk/ticket")
        await ask("DELETE", "/api/session")
        assert len((await ask("GET", "/api/audit"))["entries"]) > 10
        assert (await ask("GET", "/api/audit/verification"))["whole"]

        signed = await judge("POST", "/api/session", await browser.post("/api/session", json=login("tanaka")))
        csrf = {"X-CSRF-Token": signed["csrf_token"]}
        for step, body in (
            ("password", {"present": "wrong", "new": "wrong"}),
            ("totp", {"password": "wrong"}),
            ("totp/confirmation", {"totp": "000000"}),
        ):
            path = f"/api/account/{step}"
            await judge("POST", path, await browser.post(path, json=body, headers=csrf))
        for path in ("/", "/assets/{name}", "/api/phone", "/api/desk", "/api/floor"):
            await judge("GET", path, await browser.get(path))
        await judge("POST", "/api/agents", await browser.post("/api/agents", json={}, headers=csrf))
        await judge("POST", "/api/session", await browser.post("/api/session", data="x"))
    assert {(route.method, route.path) for route in ROUTES} - {
        (method, path) for method, path, _ in judge.judged
    } == {("GET", "/api/openapi.json")}


async def test_hostile_requests_break_nothing_and_are_refused(centre: Running, tmp_path: Path) -> None:
    rules = {f"{route.method} {route.path}" for route in ROUTES} - HAND_DRIVEN
    await attack(centre, rules, tmp_path, examples=10)
