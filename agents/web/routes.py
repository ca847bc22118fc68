"""What a route is, with all that is said about it: who may use it, what it takes, what it answers.

Without a rule a route refuses everyone. What stands here also becomes ``/api/openapi.json``
(`agents.web.openapi`) and decides what is written into the audit trail (`agents.web.auditing`).
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from agents.roles import Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PUBLIC = None
"""The rule of a route that needs no signing in. Written out at each such route."""

LARGEST_BODY = 64 * 1024
"""Bytes of a body, where a route does not say otherwise."""

LARGEST_SHEET = 2 * 1024 * 1024
"""Bytes of a body that carries a table; nothing larger is read from the network at all."""

READS = frozenset({"GET", "HEAD"})
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked.

    Args:
        method: in capitals.
        path: with ``{name}`` where a part of it varies.
        handler: answers.
        allow: the roles that may, or `PUBLIC`.
        summary: a few words for the documentation.
        body: the shape of the JSON it takes.
        query: the shape of its query parameters; a handler reads them with `agents.web.reading.query_of`.
        answer: the shape of its good answer, None for an answer without a body or in another *media* type.
        status: the status of its good answer.
        errors: statuses of further answers than every route of its kind has (see `agents.web.openapi`).
        media: the content type of its good answer.
        personal: whether it shows personal data. Reading it is then written into the audit trail, as every
            write is; say False only where nobody's data is in the answer.
        largest: how many bytes its body may have.
        first_steps: whether it may be used before the password is changed and the second factor enrolled.
    """

    method: str
    path: str
    handler: Handler
    allow: frozenset[Role] | None
    summary: str
    body: type[BaseModel] | None = None
    _: KW_ONLY
    query: type[BaseModel] | None = None
    answer: Any = None
    status: HTTPStatus = HTTPStatus.OK
    errors: tuple[HTTPStatus, ...] = ()
    media: str = JSON
    personal: bool = True
    largest: int = LARGEST_BODY
    first_steps: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method not in READS

    @property
    def audited(self) -> bool:
        """Whether whoever uses it stands in the audit trail."""
        return self.writes or (self.personal and self.allow is not PUBLIC)


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
