"""The booking's errors as problems (RFC 9457): what was refused, why, and what can be done instead."""

from functools import wraps
from http import HTTPStatus

from aiohttp import web

from agents.web.problems import Problem
from agents.web.routes import Handler
from booking.errors import BookingError, Invalid, KeyReused, NotAllowed, NotThere
from booking.sheets import BadSheet

_STATUS: dict[type[BookingError], HTTPStatus] = {
    NotThere: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadSheet: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""All others are conflicts with what others did or what is now."""


def problem_of(error: BookingError) -> Problem:
    """Return how *error* is told."""
    status = _STATUS.get(type(error), HTTPStatus.CONFLICT)
    more = dict(error.more)
    if isinstance(error, Invalid):
        more["errors"] = [{"field": fault.field, "detail": fault.detail} for fault in error.faults]
    return Problem(status, error.code, str(error), more)


def telling(handler: Handler) -> Handler:
    """Return *handler*, whose `BookingError` becomes a problem."""

    @wraps(handler)
    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BookingError as error:
            raise problem_of(error) from error

    return told
