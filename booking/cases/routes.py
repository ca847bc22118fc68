"""Addresses about cases: who may use which."""

from http import HTTPStatus

from agents.roles import DESK, EVERYONE, FLOOR
from agents.web.routes import Route
from booking.cases.shapes import CaseList, CaseShape
from booking.cases.web import CaseHandlers
from booking.cases.wishes import CaseChange, CaseQuery, CaseWish

_ONE = "/api/cases/{id}"


def case_routes(handlers: CaseHandlers) -> tuple[Route, ...]:
    """Return the routes. Which cases and which steps a role has is `rules`' matter."""
    return (
        Route(
            *("GET", "/api/cases", handlers.find, EVERYONE, "What is left to do for citizens"),
            query=CaseQuery,
            answer=CaseList,
        ),
        Route(
            *("POST", "/api/cases", handlers.open, DESK | FLOOR, "Open a case", CaseWish),
            answer=CaseShape,
            status=HTTPStatus.CREATED,
        ),
        Route("GET", _ONE, handlers.one, EVERYONE, "One case with its history", answer=CaseShape),
        Route(
            *("PATCH", _ONE, handlers.change, EVERYONE, "Work on a case", CaseChange),
            answer=CaseShape,
            errors=(HTTPStatus.CONFLICT,),
        ),
    )
