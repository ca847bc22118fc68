"""Who asks: a browser's session cookie, or the command line's bearer token from this machine."""

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from agents.roles import Role
from agents.sessions import Session
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.routes import Route
from telephony.model.ids import AgentName

COMMAND_LINE = "cli"
_BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they are. *session* is None for the command line."""

    user: str
    role: Role
    session: Session | None


CALLER = web.RequestKey("caller", Caller)


def caller_of(request: web.Request) -> Caller:
    """Return who asks; only for routes that are not public."""
    return request[CALLER]


def cookie_name(parts: Parts) -> str:
    """Return the session cookie's name (RFC 6265bis: ``__Host-`` needs TLS)."""
    return "__Host-madoguchi" if parts.secure else "madoguchi"


def identify(request: web.Request) -> Caller | None:
    """Return who asks, or None for a stranger."""
    parts = parts_of(request)
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith(_BEARER):
        return _command_line(request, parts, authorization.removeprefix(_BEARER))
    session = parts.sessions.find(request.cookies.get(cookie_name(parts), ""))
    person = None if session is None else parts.roster.people.get(AgentName(session.user))
    if session is None or person is None:
        return None
    return Caller(session.user, person.role, session)


def _command_line(request: web.Request, parts: Parts, token: str) -> Caller | None:
    right = hmac.compare_digest(token.encode(), parts.cli_token.encode())
    return Caller(COMMAND_LINE, Role.OPS, None) if right and is_local(request.remote) else None


def is_local(address: str | None) -> bool:
    """Return whether *address* is on this machine."""
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False


def admit(request: web.Request, route: Route | None) -> Caller | None:
    """Return who may go on (None on a public route). Raises `Problem` 401 or 403.

    A request that changes something must come from our own pages: its Origin is checked, and a session must
    send its CSRF token back.
    """
    if route is None:
        raise Problem(HTTPStatus.FORBIDDEN, "no-rule", "Nobody may use this address.")
    if route.writes and not origin_is_ours(request):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign-origin", "The request comes from another site's page.")
    if route.allow is None:
        return None
    caller = identify(request)
    if caller is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "not-signed-in", "Sign in first.")
    if caller.role not in route.allow:
        raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", f"The role {caller.role} may not do this.")
    if route.writes and caller.session is not None:
        _check_csrf(request, caller.session)
    return caller


def _check_csrf(request: web.Request, session: Session) -> None:
    sent = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
        detail = "The header X-CSRF-Token is missing or not the one of this session; sign in again."
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", detail)


def origin_is_ours(request: web.Request) -> bool:
    """Return whether the page behind *request* is ours.

    Browsers always say where a WebSocket or a write comes from; a program that says nothing has no
    browser's cookies to misuse.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in parts_of(request).origins:
        return True
    try:
        return bool(request.host) and urlsplit(origin).netloc == request.host
    except ValueError:
        return False
