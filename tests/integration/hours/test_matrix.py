"""Who may open, close and announce a disaster: every address × every role. `MATRIX` is written by hand."""

from pathlib import Path

from agents.web.rules import ROUTES
from tests.integration.agents.test_matrix import ROLES
from tests.integration.attack import attack
from tests.integration.hours.house import House

ALL = "operator supervisor manager city ops"
SETS = "supervisor manager ops"

MATRIX = {
    "GET /api/hours": ALL,
    "GET /api/hours/overrides": ALL,
    "POST /api/hours/overrides": SETS,
    "DELETE /api/hours/overrides/{id}": SETS,
    "GET /api/emergency": ALL,
    "POST /api/emergency": SETS,
    "POST /api/emergency/refresh": "ops",
}


def test_the_matrix_has_no_hole(house: House) -> None:
    below = {f"{route.method} {route.path}" for route in ROUTES}
    assert house.served.routes - below == set(MATRIX)


async def test_every_role_gets_exactly_what_the_matrix_gives_it(house: House) -> None:
    for role, user in ROLES.items():
        async with house.served.client() if user is None else house.served.signed_in(user) as browser:
            for rule, allowed in MATRIX.items():
                method, path = rule.split()
                address = path.replace("{id}", "none")
                answer = await browser.request(method, address, json=None if method == "GET" else {})
                about = f"{role}: {rule} answered {answer.status}"
                if role in allowed.split():
                    assert answer.status not in {401, 403}, about
                    assert answer.status < 500, about
                else:
                    assert answer.status == (401 if role == "stranger" else 403), about


async def test_hostile_requests_break_nothing_and_are_refused(house: House, tmp_path: Path) -> None:
    await attack(house.served, MATRIX, tmp_path, examples=8)
