"""Puts the HTTP interface together and serves it. Floors above hand in their own routes."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from agents.web.middlewares import RULES, add_headers, guard, tell_problems
from agents.web.parts import PARTS, Parts
from agents.web.reading import LARGEST_BODY
from agents.web.repeats import answer_repeats
from agents.web.routes import Route, Rules
from agents.web.rules import ROUTES

GENTLE_S = 5.0
"""How long requests under way may take when the program ends."""


def make_application(parts: Parts, more: Iterable[Route] = ()) -> web.Application:
    """Return the application with the routes of this floor and *more*."""
    rules = Rules((*ROUTES, *more))
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[tell_problems, guard, answer_repeats()])
    app[PARTS], app[RULES] = parts, rules
    for route in rules:
        app.router.add_route(route.method, route.path, route.handler)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_close_desks)
    return app


async def _close_desks(app: web.Application) -> None:
    await app[PARTS].sockets.close_all()


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve *app* while the block runs; gives the port (0 lets the system choose). Raises OSError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GENTLE_S, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
