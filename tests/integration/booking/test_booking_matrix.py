"""Who may do what with reservations: every address × every role × own and others' things.

`MATRIX` is written by hand. Everybody who signs in may book; what belongs to somebody are calls and holds.
"""

import re
from itertools import product
from pathlib import Path

import aiohttp

from agents.web.rules import ROUTES
from tests.integration.agents.test_matrix import ROLES
from tests.integration.attack import attack
from tests.integration.booking.office import CITIZEN, BookingCentre

Wish = dict[str, object]
ALL = "operator supervisor manager city ops"

MATRIX = {
    "GET /api/venues": ALL,
    "GET /api/slots": ALL,
    "GET /api/reservations": ALL,
    "POST /api/reservations": ALL,
    "GET /api/reservations/{id}": ALL,
    "GET /api/reservations/{id}/history": ALL,
    "PATCH /api/reservations/{id}": ALL,
    "DELETE /api/reservations/{id}": ALL,
    "GET /api/holds": ALL,
    "POST /api/holds": ALL,
    "POST /api/holds/{id}/renew": ALL,
    "DELETE /api/holds/{id}": ALL,
    "POST /api/holds/{id}/takeover": ALL,
    "POST /api/calls/{id}/notes": ALL,
    "GET /api/waitlist": ALL,
    "POST /api/waitlist": ALL,
    "DELETE /api/waitlist/{id}": ALL,
    "GET /api/deliveries": ALL,
    "POST /api/deliveries/{key}/settlement": "supervisor manager ops",
}

HOLDER_ONLY = {"POST /api/holds/{id}/renew", "DELETE /api/holds/{id}"}
"""409 for everybody else: the hold of somebody else is gone, as far as they are concerned."""

WITH_A_CALL = {
    "POST /api/reservations",
    "PATCH /api/reservations/{id}",
    "DELETE /api/reservations/{id}",
    "POST /api/holds",
    "POST /api/holds/{id}/takeover",
    "POST /api/calls/{id}/notes",
}
"""What names a call. Operators and the city name their own only; who leads the floor may name any."""

SEES_ALL_CALLS = {"supervisor", "manager", "ops"}
FREE_ALL = """
UPDATE seats SET reservation = NULL, channel = NULL, free_from = '-infinity',
    hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
"""
OWN_CALL, OTHERS_CALL = "call-own", "call-others"


def test_the_matrix_has_no_hole(booking: BookingCentre) -> None:
    below = {f"{route.method} {route.path}" for route in ROUTES}
    assert booking.running.routes - below == set(MATRIX)


class Things:
    """What there is to be asked for, made anew for each request, because some requests take it away."""

    def __init__(self, booking: BookingCentre, cli: aiohttp.ClientSession) -> None:
        self._booking, self._cli = booking, cli

    async def asked(self, rule: str, browser: aiohttp.ClientSession, *, own: bool) -> tuple[str, Wish]:
        """Return address and content of a good request; *own*: the thing is of whoever holds *browser*."""
        _, path = rule.split()
        call = {"call": OWN_CALL if own else OTHERS_CALL} if rule in WITH_A_CALL else {}
        slot = (await self._booking.slot(self._cli, people="1"))["id"]
        maker = browser if own else self._cli
        if path.startswith("/api/calls"):
            return path.replace("{id}", OWN_CALL if own else OTHERS_CALL), {"text": "折り返しは夕方"}
        if path.startswith("/api/holds/"):
            hold = await self._made(maker, "/api/holds", {"slot": slot})
            return path.replace("{id}", str(hold["id"])), call
        if path.startswith("/api/reservations/"):
            reservation = await self._made(maker, "/api/reservations", CITIZEN | {"slot": slot})
            return path.replace("{id}", str(reservation["number"])), call
        wish: Wish = {"slot": slot, **call} | (CITIZEN if "reserv" in path else {})
        if path.startswith("/api/waitlist"):
            wish = {**CITIZEN, "service": "collection"}
            entry = await self._made(maker, "/api/waitlist", wish)
            return path.replace("{id}", str(entry["id"])), wish
        return path.replace("{key}", "none"), wish

    async def _made(self, who: aiohttp.ClientSession, path: str, wish: Wish) -> Wish:
        answer = await who.post(path, json=wish)
        assert answer.status == 201, await answer.text()
        made: Wish = await answer.json()
        return made


FREE_ALL = """
UPDATE reservations SET state = 'cancelled';
UPDATE seats SET reservation = NULL, channel = NULL, free_from = '-infinity',
    hold = NULL, held_by = NULL, held_for = NULL, held_until = NULL
"""
"""One transaction: a reservation has its seats or is cancelled."""


async def test_every_role_gets_exactly_what_the_matrix_gives_it(booking: BookingCentre) -> None:
    booking.calls.known = {OWN_CALL, OTHERS_CALL}
    async with booking.running.cli() as cli:
        things = Things(booking, cli)
        for role, user in ROLES.items():
            if user is None:
                continue
            booking.calls.operators = {OWN_CALL: user, OTHERS_CALL: "suzuki"}
            async with booking.running.signed_in(user) as browser:
                for rule in MATRIX:
                    for own in (True, False):
                        await _judge(booking, things, browser, (role, rule), own=own)


async def _judge(
    booking: BookingCentre,
    things: Things,
    browser: aiohttp.ClientSession,
    case: tuple[str, str],
    *,
    own: bool,
) -> None:
    role, rule = case
    method = rule.split()[0]
    address, wish = await things.asked(rule, browser, own=own)
    answer = await browser.request(method, address, json=None if method == "GET" else wish)
    about = f"{role}: {rule}, own: {own}, answered {answer.status}: {await answer.text()}"
    if role not in MATRIX[rule].split():
        assert answer.status == 403, about
    elif "{key}" in rule:
        assert answer.status in {404, 422}, about  # nothing waits here that could be settled
    elif own or rule not in HOLDER_ONLY | WITH_A_CALL or (role in SEES_ALL_CALLS and rule in WITH_A_CALL):
        assert answer.status in {200, 201, 204}, about
    else:
        assert answer.status == (409 if rule in HOLDER_ONLY else 422), about
    await booking.pool.execute(FREE_ALL)


async def test_strangers_get_nothing(booking: BookingCentre) -> None:
    async with booking.running.client() as stranger:
        for rule in MATRIX:
            method, path = rule.split()
            answer = await stranger.request(method, re.sub("{[a-z]+}", "none", path), json={})
            assert answer.status == 401, rule


ODD = (
    *(
        "\x00",
        "x" * 5_000,
        "9" * 30,
        "-1",
        "0001-01-01",
        "9999-12-31T23:59:59-12:00",
        "2026-12-01T00:00+99:99",
    ),
    *("'; --", "%", "123456789018", "\U0001f600", ""),
)
PARAMETERS = {
    "/api/slots": "venue service from until people limit",
    "/api/reservations": "q number phone kana name venue state from until",
    "/api/holds": "slot",
    "/api/waitlist": "state venue service",
    "/api/deliveries": "state limit",
}


async def test_whatever_stands_in_a_query_is_answered(booking: BookingCentre) -> None:
    """The document of these addresses does not tell their parameters, so no machine tries them."""
    async with booking.running.cli() as cli:
        for path, names in PARAMETERS.items():
            for name, odd in product(names.split(), ODD):
                answer = await cli.get(path, params={name: odd})
                assert answer.status in {200, 422}, (path, name, odd[:40], answer.status)


async def test_hostile_requests_break_nothing_and_are_refused(booking: BookingCentre, tmp_path: Path) -> None:
    await attack(booking.running, MATRIX, tmp_path, examples=6)
