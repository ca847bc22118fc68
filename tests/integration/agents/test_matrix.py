"""Who may do what: every route of the application × every role × own and others' things × every method.

`MATRIX` is written by hand, from what each role is here for, and not from the rules that it judges.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from madoguchi.doctor.routes import doctor_routes
from tests.integration.agents.centre import Running, running_centre
from tests.integration.publication.room import config_room
from tests.unit.telephony_records import RECORD

ROLES = {
    "operator": "sato",
    "supervisor": "tanaka",
    "manager": "mori",
    "city": "shimizu",
    "ops": "okada",
    "stranger": None,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")

ALL = "operator supervisor manager city ops"
MANAGING = "supervisor manager ops"
FLOOR = "supervisor manager ops"
DESKS = "operator supervisor manager ops"
READS_AUDIT = "manager ops"
ANYBODY = f"{ALL} stranger"

MATRIX = {
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,
    "GET /api/openapi.json": ANYBODY,
    "GET /": ANYBODY,
    "GET /assets/{name}": ANYBODY,
    "GET /api/status": "supervisor manager city ops",
    "POST /api/session": ANYBODY,
    "GET /api/session": ALL,
    "DELETE /api/session": ALL,
    "POST /api/account/password": ALL,
    "POST /api/account/totp": ALL,
    "POST /api/account/totp/confirmation": ALL,
    "GET /api/accounts": READS_AUDIT,
    "POST /api/accounts": "ops",
    "GET /api/accounts/{name}": READS_AUDIT,
    "PATCH /api/accounts/{name}": "ops",
    "GET /api/audit": READS_AUDIT,
    "GET /api/audit/verification": READS_AUDIT,
    "GET /api/phone": "operator supervisor",
    "POST /api/desk/ticket": DESKS,
    "GET /api/desk": ANYBODY,
    "GET /api/floor": ANYBODY,
    "GET /api/figures": ALL,
    "GET /api/calls": ALL,
    "GET /api/calls/live": "supervisor manager city ops",
    "GET /api/calls/{id}": ALL,
    "GET /api/export/queue-log": FLOOR,
    "POST /api/calls/{id}/hangup": MANAGING,
    "POST /api/calls/{id}/supervision": FLOOR,
    "DELETE /api/calls/{id}/supervision": FLOOR,
    "POST /api/calls/{id}/move": FLOOR,
    "POST /api/calls/{id}/transfer": "operator supervisor manager ops",
    "POST /api/calls/{id}/consultation": "operator supervisor manager ops",
    "DELETE /api/calls/{id}/consultation": "operator supervisor manager ops",
    "POST /api/calls/{id}/give": FLOOR,
    "POST /api/calls/{id}/remove": FLOOR,
    "POST /api/queues/{name}/pause": FLOOR,
    "POST /api/queues/{name}/resume": FLOOR,
    "POST /api/queues/{name}/limit": FLOOR,
    "POST /api/queues/{name}/tiers": FLOOR,
    "POST /api/undo": FLOOR,
    "GET /api/commands": FLOOR,
    "POST /api/notices": FLOOR,
    "GET /api/callbacks": "supervisor manager city ops",
    "POST /api/callbacks/{id}/cancel": MANAGING,
    "GET /api/agents": ALL,
    "POST /api/agents": MANAGING,
    "GET /api/agents/{name}": ALL,
    "PATCH /api/agents/{name}": MANAGING,
    "DELETE /api/agents/{name}": MANAGING,
    "POST /api/agents/{name}/state": DESKS,
    "GET /api/queues": ALL,
    "GET /api/doctor": "ops",
    "GET /api/config": "ops",
    "GET /api/config/versions": "ops",
    "GET /api/config/versions/{id}": "ops",
    "POST /api/config/edit": "ops",
    "POST /api/config/check": "ops",
    "POST /api/config/diff": "ops",
    "POST /api/config/apply": "ops",
    "POST /api/config/rollback": "ops",
    "POST /api/config/replay": "ops",
}

OWN_ONLY = {
    ("operator", "GET /api/calls/{id}"),
    ("operator", "POST /api/calls/{id}/transfer"),
    ("operator", "POST /api/calls/{id}/consultation"),
    ("operator", "DELETE /api/calls/{id}/consultation"),
    ("operator", "POST /api/agents/{name}/state"),
}
"""Where a role is let in, but to its own things alone."""

ASKS_ITSELF = {"POST /api/session", "GET /api/desk", "GET /api/floor"}
"""Open to strangers, who bring a password or a ticket; without one these answer 401."""


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """A running centre with the routes that floors above hand in, too."""
    async with (
        config_room(database_url, tmp_path / "published") as room,
        running_centre(
            database_url, tmp_path, [*room.routes.routes(), *doctor_routes(room.place)]
        ) as running,
    ):
        yield running


def served(centre: Running) -> Iterator[tuple[str, str]]:
    """Every address that the application really serves, with each method it could be asked by."""
    paths = {route.split()[1] for route in centre.routes}
    return ((method, path) for path in sorted(paths) for method in METHODS)


def test_the_matrix_has_no_hole(centre: Running) -> None:
    assert centre.routes == set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_gets_exactly_what_the_matrix_gives_it(centre: Running, role: str) -> None:
    user = ROLES[role]
    calls = {"own": {**RECORD, "id": "own", "agent": user}, "others": {**RECORD, "id": "others"}}
    calls["others"]["agent"] = "suzuki"
    centre.shelf.records = calls
    async with centre.client() if user is None else centre.signed_in(user) as browser:
        for method, path in served(centre):
            if (method, path) == ("DELETE", "/api/session"):
                continue  # the last, below: it ends the session
            for thing in ("own", "others"):
                await _judge(browser, role, method, path, thing)
        ended = await browser.delete("/api/session")
        assert ended.status == (401 if user is None else 204)


async def _judge(browser: aiohttp.ClientSession, role: str, method: str, path: str, thing: str) -> None:
    rule = f"{method} {path}"
    answer = await browser.request(method, _real(rule, role, thing), json=None if method == "GET" else {})
    about = f"{role}: {rule} of {thing} answered {answer.status}"
    if rule not in MATRIX:
        assert answer.status == 405, about
    elif role not in MATRIX[rule].split():
        assert answer.status == (401 if role == "stranger" else 403), about
    elif thing == "others" and (role, rule) in OWN_ONLY:
        assert answer.status in {403, 404}, about
    else:
        refused = {403} if rule in ASKS_ITSELF else {401, 403}
        assert answer.status not in refused, about
        assert answer.status < 500, about


def _real(rule: str, role: str, thing: str) -> str:
    """Return the address of a thing that is there; of none, where the request would take it away."""
    _, path = rule.split(" ", 1)
    user = ROLES[role] or "sato"
    name = user if thing == "own" else "suzuki"
    if rule.startswith("DELETE"):
        name = "nobody"
    return path.replace("{name}", name).replace("{id}", thing)


async def test_what_must_be_done_first_stands_before_everything_else(centre: Running) -> None:
    """Somebody with a first password and no second factor reaches the own account alone."""
    async with centre.cli() as cli, centre.client() as browser:
        new = await (await cli.post("/api/accounts", json={"name": "abe", "role": "ops"})).json()
        credentials = {"user": "abe", "password": new["password"]}
        signed = await (await browser.post("/api/session", json=credentials)).json()
        assert signed["missing"] == ["change-password", "enrol-totp"]
        browser.headers["X-CSRF-Token"] = signed["csrf_token"]
        open_to_all = {rule for rule, who in MATRIX.items() if who == ANYBODY}
        first_steps = {"GET /api/session", "DELETE /api/session", "POST /api/account/password"}
        first_steps |= {"POST /api/account/totp", "POST /api/account/totp/confirmation"}
        for rule in set(MATRIX) - open_to_all - first_steps:
            answer = await browser.request(rule.split()[0], _real(rule, "ops", "others"), json={})
            code = (await answer.json(content_type=None))["code"]
            first = "change-password" if "ops" in MATRIX[rule].split() else "not-allowed"
            assert (answer.status, code) == (403, first), rule
        for rule in first_steps - {"DELETE /api/session"}:
            answer = await browser.request(*rule.split(), json=None if "GET" in rule else {})
            assert answer.status in {200, 422}, rule


async def test_forms_and_sockets_of_other_sites_are_refused(centre: Running) -> None:
    """A form of another page sends the cookie at most to GET, and never with our Origin."""
    foreign = {"Origin": "https://evil.example"}
    async with centre.signed_in("tanaka") as browser:
        ticket = (await (await browser.post("/api/desk/ticket")).json())["ticket"]
        for rule in MATRIX:
            method, path = rule.split()
            if method == "GET":
                continue
            for form in ({"a": "b"}, aiohttp.FormData({"a": "b"})):
                answer = await browser.request(
                    method, _real(rule, "supervisor", "others"), data=form, headers=foreign
                )
                code = (await answer.json(content_type=None))["code"]
                assert (answer.status, code) == (403, "foreign-origin"), (rule, path)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.ws_connect("/api/desk", params={"ticket": ticket}, headers=foreign)
        assert refused.value.status == 403
