"""``POST /api/plan``: put the edited ``centre.toml`` in force. Only operations staff may."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from agents.errors import Fault, Invalid
from agents.roles import Role
from agents.web.answers import answer
from agents.web.routes import Route
from agents.web.shapes import Shape
from config.loading import ConfigError
from madoguchi.publishing import Published


class PlanShape(Shape):
    """Asterisk's files that changed, and those that it reads at its next start only."""

    changed: list[str]
    at_next_start: list[str]


def plan_route(apply: Callable[[], Awaitable[Published]]) -> Route:
    """Return the route; *apply* does the work and raises `ConfigError` for a file with mistakes."""

    async def put_in_force(request: web.Request) -> web.Response:
        del request
        try:
            done = await apply()
        except ConfigError as error:
            raise Invalid(*(Fault(problem.path, str(problem)) for problem in error.problems)) from error
        return answer({"changed": sorted(done.changed), "at_next_start": sorted(done.waiting)})

    return Route(
        "POST",
        "/api/plan",
        put_in_force,
        frozenset({Role.OPS}),
        "Put centre.toml in force",
        answer=PlanShape,
        errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
    )
