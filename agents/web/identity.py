"""Who asks: a browser's session cookie, or the command line's bearer token from this machine."""

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from agents.ports import Unavailable
from agents.roles import Role
from agents.sessions import Session
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.routes import Route
from agents.web.source import came_through_proxy, is_local
from telephony.model.ids import AgentName

COMMAND_LINE = "cli"
_BEARER = "Bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they are. *session* is None for the command line.

    *missing* is what somebody who has just signed in must do first (`agents.people.Person.missing`).
    """

    user: str
    role: Role
    session: Session | None
    missing: tuple[str, ...] = ()


CALLER = web.RequestKey("caller", Caller)


def caller_of(request: web.Request) -> Caller:
    """Return who asks; only for routes that are not public."""
    return request[CALLER]


def cookie_name(parts: Parts, name: str = "madoguchi") -> str:
    """Return a cookie's whole name (RFC 6265bis: ``__Host-`` needs TLS)."""
    return f"__Host-{name}" if parts.secure else name


def identify(request: web.Request) -> Caller | None:
    """Return who asks, or None for a stranger. Raises `Unavailable` when that cannot be known now."""
    parts = parts_of(request)
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith(_BEARER):
        return _command_line(request, parts, authorization.removeprefix(_BEARER))
    token = request.cookies.get(cookie_name(parts), "")
    session = parts.sessions.find(token)
    if session is None and token and not parts.sessions.are_known:
        raise Unavailable("Sessions from before the restart are not known until the database is back.")
    person = None if session is None else parts.roster.people.get(AgentName(session.user))
    if session is None or person is None or person.credentials.disabled:
        return None
    return Caller(session.user, person.role, session, person.missing)


def _command_line(request: web.Request, parts: Parts, token: str) -> Caller | None:
    right = hmac.compare_digest(token.encode(errors="replace"), parts.cli_token.encode())
    here = is_local(request.remote) and not came_through_proxy(request)
    return Caller(COMMAND_LINE, Role.OPS, None) if right and here else None


def admit(request: web.Request, route: Route | None) -> None:
    """Let a request go on, and note in it who asks. Raises `Problem` 401 or 403.

    A request that changes something must come from our own pages: its Origin is checked, and a session must
    send its CSRF token back.
    """
    if route is None:
        raise Problem(HTTPStatus.FORBIDDEN, "no-rule", "Nobody may use this address.")
    if route.writes and not origin_is_ours(request):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign-origin", "The request comes from another site's page.")
    if route.allow is None:
        return
    caller = identify(request)
    if caller is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "not-signed-in", "Sign in first.")
    request[CALLER] = caller
    _check_rule(route, caller)
    if route.writes and caller.session is not None:
        _check_csrf(request, caller.session)


def _check_rule(route: Route, caller: Caller) -> None:
    if route.allow is not None and caller.role not in route.allow:
        raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", f"The role {caller.role} may not do this.")
    if caller.missing and not route.first_steps:
        first = {
            "change-password": "Change your password first.",
            "enrol-totp": "Enrol an authenticator first.",
        }
        raise Problem(HTTPStatus.FORBIDDEN, caller.missing[0], first[caller.missing[0]])


def _check_csrf(request: web.Request, session: Session) -> None:
    sent = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(errors="replace"), session.csrf.encode()):
        detail = "The header X-CSRF-Token is missing or not the one of this session; sign in again."
        raise Problem(HTTPStatus.FORBIDDEN, "csrf", detail)


def origin_is_ours(request: web.Request) -> bool:
    """Return whether the page behind *request* is ours.

    Browsers always say where a WebSocket or a write comes from; a program that says nothing has no
    browser's cookies to misuse.
    """
    origin = request.headers.get("Origin")
    parts = parts_of(request)
    if origin is None or origin in parts.origins or origin == parts.public_url:
        return True
    try:
        return bool(request.host) and urlsplit(origin).netloc == request.host
    except ValueError:
        return False
