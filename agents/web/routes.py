"""What a route is, and the rule it carries: which roles may use it. Without a rule it refuses everyone."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel

from agents.roles import Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PUBLIC = None
"""The rule of a route that needs no signing in. Written out at each such route."""

READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked. *body* is the shape of the JSON it takes, for the documentation."""

    method: str
    path: str
    handler: Handler
    allow: frozenset[Role] | None
    summary: str
    body: type[BaseModel] | None = None

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method not in READS


class Rules:
    """All routes by method and path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, str], Route] = {}
        for route in routes:
            key = (route.method, route.path)
            if key in self._routes:
                raise ValueError(f"{route.method} {route.path} is routed twice")
            self._routes[key] = route

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def of(self, request: web.Request) -> Route | None:
        """Return the route that *request* matched, or None: then everyone is refused."""
        resource = request.match_info.route.resource
        return None if resource is None else self._routes.get((request.method, resource.canonical))
