"""Puts the HTTP interface together and serves it. Floors above hand in their own routes."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, ClassVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from agents.web.auditing import RULES, audit
from agents.web.middlewares import SECURITY_HEADERS, add_headers, guard, tell_problems
from agents.web.openapi import DOCUMENT, document
from agents.web.parts import PARTS, Parts
from agents.web.problems import Problem
from agents.web.repeats import answer_repeats
from agents.web.routes import LARGEST_SHEET, Route, Rules
from agents.web.rules import ROUTES
from agents.web.unreadable import Unreadable

GENTLE_S = 5.0
"""How long requests under way may take when the program ends."""


def make_application(parts: Parts, more: Iterable[Route] = ()) -> web.Application:
    """Return the application with the routes of this floor and *more*."""
    rules = Rules((*ROUTES, *more))
    around = [audit, tell_problems, guard, answer_repeats()]
    app = web.Application(client_max_size=LARGEST_SHEET, middlewares=around)
    app[PARTS], app[RULES] = parts, rules
    app[DOCUMENT] = document(rules)
    for route in rules:
        app.router.add_route(route.method, route.path, route.handler)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_close_desks)
    return app


async def _close_desks(app: web.Application) -> None:
    await app[PARTS].sockets.close_all()


_QUIET: Mapping[str, Any] = {"access_log": None}
"""That somebody asked is no news; what was asked of personal data stands in the audit trail."""


class _Handler(web.RequestHandler):
    """Answers also what is no HTTP, before any middleware sees it, as a problem with the security headers."""

    __slots__ = ()
    unreadable: ClassVar[Unreadable] = Unreadable()

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Say what failed; of what is no HTTP only how often."""
        if isinstance(kw.get("exc_info"), HttpProcessingError):
            self.unreadable.note(kw["exc_info"])
        else:
            super().log_exception(*args, **kw)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to a request that could not be read."""
        plain = super().handle_error(request, status, exc, message)
        problem = Problem(HTTPStatus(status), "unreadable", "This is not a request that can be read.")
        response = problem.response()
        response.headers.update(SECURITY_HEADERS)
        if not plain.keep_alive:
            response.force_close()
        return response


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app* while the block runs; gives the port (0 lets the system choose). Raises OSError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GENTLE_S, handle_signals=False)
    await runner.setup()
    loop, manager = asyncio.get_running_loop(), runner.server
    if manager is None:
        raise RuntimeError("the server was not set up")
    server = None
    try:
        server = await loop.create_server(
            lambda: _Handler(manager, loop=loop, **_QUIET), host, port, reuse_address=True
        )
        yield server.sockets[0].getsockname()[1]
    finally:
        if server is not None:
            server.close()
        await runner.cleanup()
