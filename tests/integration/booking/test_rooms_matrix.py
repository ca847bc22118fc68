"""Who may do what in the booking's rooms: every route × every role. `MATRIX` is written by hand."""

import pytest
from yarl import URL

from agents.web.rules import ROUTES
from tests.integration.agents.test_matrix import ROLES
from tests.integration.booking.rooms import RoomsCentre

ALL = "operator supervisor manager city ops"
AGREES = "manager ops"
DESKS = "operator supervisor manager ops"

MATRIX = {
    "GET /api/cases": ALL,
    "POST /api/cases": DESKS,
    "GET /api/cases/{id}": ALL,
    "PATCH /api/cases/{id}": ALL,
    "GET /api/knowledge": ALL,
    "GET /api/knowledge/{id}": ALL,
    "POST /api/knowledge/import": AGREES,
    "POST /api/knowledge/{id}/used": DESKS,
    "GET /api/outreach": "supervisor manager city ops",
    "GET /api/outreach/gate": ALL,
    "GET /api/outreach/calls": "supervisor manager city ops",
    "POST /api/outreach/import": "manager city ops",
    "POST /api/outreach/next": DESKS,
    "POST /api/outreach/{id}/dial": DESKS,
    "POST /api/outreach/{id}/result": DESKS,
    "POST /api/outreach/{id}/release": DESKS,
    "GET /api/outreach/do-not-call": "supervisor manager city ops",
    "POST /api/outreach/do-not-call": ALL,
    "GET /api/referrals": ALL,
    "POST /api/referrals/{name}/used": DESKS,
}


def test_the_matrix_has_no_hole(rooms: RoomsCentre) -> None:
    below = {f"{route.method} {route.path}" for route in ROUTES}
    assert rooms.running.routes - below == set(MATRIX)


async def test_an_address_of_nothing_is_not_found_whatever_stands_in_it(rooms: RoomsCentre) -> None:
    async with rooms.running.cli() as cli:
        for rule in MATRIX:
            method, path = rule.split()
            for odd in ("%00", "%FF", "x" * 300, "99999999999999999999"):
                real = path.replace("{id}", odd).replace("{name}", odd)
                address = URL(rooms.running.url + real, encoded=True)
                answer = await cli.request(method, address, json=None if method == "GET" else {})
                assert answer.status < 500, (rule, odd)
                if "{" in path and method == "GET":
                    assert answer.status == 404, (rule, odd)


@pytest.mark.parametrize("role", ROLES)
async def test_every_role_gets_exactly_what_the_matrix_gives_it(rooms: RoomsCentre, role: str) -> None:
    user = ROLES[role]
    running = rooms.running
    async with running.client() if user is None else running.signed_in(user) as browser:
        for rule, allowed in MATRIX.items():
            method, path = rule.split()
            body = None if method == "GET" else {}
            answer = await browser.request(
                method, path.replace("{id}", "none").replace("{name}", "none"), json=body
            )
            about = f"{role}: {rule} answered {answer.status}"
            if role not in allowed.split():
                assert answer.status == (401 if role == "stranger" else 403), about
            else:
                assert answer.status not in {401, 403}, about
                assert answer.status < 500, about
