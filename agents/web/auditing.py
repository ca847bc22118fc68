"""Writes into the audit trail who used which route, on what, from where and with which result (R20).

Which routes: every one that writes, and every one that shows personal data (`agents.web.routes.Route`). The
answer goes out when its entry is on the disk. A trail that cannot be written closes these routes; calls and
desks go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from agents.audit.entry import Entry, shown
from agents.ports import Unavailable
from agents.web.identity import CALLER
from agents.web.parts import parts_of
from agents.web.problems import PROBLEM, Problem
from agents.web.reading import BODY
from agents.web.routes import Handler, Route, Rules
from agents.web.source import source_of

RULES = web.AppKey("rules", Rules)

UNNOTED = frozenset({"not-signed-in", "too-many-tries"})
"""What strangers can cause as often as they like is for the log: the trail must not fill the disk."""

SYSTEM_USER = "X-Madoguchi-System-User"
"""The command line says here which user of this machine typed the command."""


@dataclass(slots=True)
class About:
    """What a handler knows better than the route: who signs in, and what was made."""

    who: str | None = None
    role: str | None = None
    object: str | None = None


ABOUT = web.RequestKey("about", About)


def note_about(request: web.Request, about: About) -> None:
    """Let the trail say more than the route does."""
    request[ABOUT] = about


@web.middleware
async def audit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer, and note it; stands outside of everything that may refuse."""
    route = request.app[RULES].of(request)
    if route is None or not route.audited:
        return await handler(request)
    trail = parts_of(request).trail
    if trail.stuck:
        return _closed("The audit trail cannot be written; the disk may be full.")
    response = await handler(request)
    problem = request.get(PROBLEM)
    if problem is not None and problem.code in UNNOTED:
        return response
    body = request.get(BODY, {}) if problem is not None else await _body(request, route)
    trail.note(_entry(request, route, problem, body))
    try:
        await trail.settled()
    except Unavailable as error:
        return _closed(str(error))
    return response


def _closed(sentence: str) -> web.Response:
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence).response()


async def _body(request: web.Request, route: Route) -> Mapping[str, Any]:
    """Return the JSON object of a request that went well; its handler has read it, however it did."""
    if route.body is None:
        return {}
    content = orjson.loads(await request.read())
    return content if isinstance(content, dict) else {}


def _entry(request: web.Request, route: Route, problem: Problem | None, body: Mapping[str, Any]) -> Entry:
    caller, about = request.get(CALLER), request.get(ABOUT, About())
    detail = shown({**request.query, **body})
    system_user = request.headers.get(SYSTEM_USER)
    if caller is not None and caller.session is None and system_user is not None:
        detail["system_user"] = system_user
    return Entry(
        who=about.who or ("unknown" if caller is None else caller.user),
        role=about.role or ("none" if caller is None else caller.role),
        what=f"{route.method} {route.path}",
        object=about.object or request.path.removeprefix("/api/"),
        source=source_of(request),
        result=_result(problem),
        detail=detail,
    )


def _result(problem: Problem | None) -> str:
    if problem is None:
        return "ok"
    failed = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return f"{'failed' if failed else 'refused'}: {problem.code}"
