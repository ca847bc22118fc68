"""What happens around every request: who may go on, errors as problems, security headers."""

from http import HTTPStatus

import structlog
from aiohttp import web

from agents.web.auditing import RULES
from agents.web.identity import admit
from agents.web.parts import parts_of
from agents.web.problems import PROBLEM, Problem, problem_of
from agents.web.routes import LARGEST_SHEET, Handler, Route

log = structlog.get_logger(__name__)

_POLICY = "Content-Security-Policy"
SECURITY_HEADERS = {
    _POLICY: (
        "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Server": "Madoguchi",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers to every answer; answers with data are kept by no cache.

    A page may say more exactly than the rest what it does (its content policy).
    """
    own_policy = response.headers.get(_POLICY, SECURITY_HEADERS[_POLICY])
    response.headers.update(SECURITY_HEADERS | {_POLICY: own_policy})
    if parts_of(request).secure:
        response.headers.update(_OVER_TLS)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors as problems. What nobody expected is logged and answered without detail."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        problem = _http_problem(error)
    except Exception as error:
        # Every error must become an answer; those that no rule knows are faults of ours, logged in full.
        known = problem_of(error)
        if known is None:
            log.exception("web.failed", method=request.method, path=request.path)
        problem = known or _FAULT
    request[PROBLEM] = problem
    return problem.response()


_FAULT = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "fault",
    "Something went wrong on our side; it has been written to the log.",
)


def _http_problem(error: web.HTTPException) -> Problem:
    status = HTTPStatus(error.status)
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    }
    allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    code = status.phrase.lower().replace(" ", "-")
    return Problem(status, code, details.get(status, status.description), headers=allowed)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let go on who may (`agents.web.identity.admit`); an address that does not exist is just not found."""
    if request.match_info.http_exception is not None:
        raise request.match_info.http_exception
    route = request.app[RULES].of(request)
    admit(request, route)
    if request.body_exists and route is not None:
        _check_size(request, route)
    return await handler(request)


def _check_size(request: web.Request, route: Route) -> None:
    """Refuse what is larger than the route takes, before any of it is read. Raises a problem."""
    size = request.content_length
    if size is None and route.largest != LARGEST_SHEET:
        detail = "Say how long the body is (Content-Length)."
        raise Problem(HTTPStatus.LENGTH_REQUIRED, "length-required", detail)
    if size is not None and size > route.largest:
        raise web.HTTPRequestEntityTooLarge(max_size=route.largest, actual_size=size)
