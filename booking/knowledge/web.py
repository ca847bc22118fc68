"""Agreed answers over HTTP."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import Field

from agents.roles import DESK, EVERYONE, FLOOR, Role
from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.routes import LARGEST_SHEET, Route
from agents.web.shapes import Shape as Told
from booking.knowledge.library import NO_SUCH_ANSWER, Library
from booking.ports import Calls
from booking.web.calls import check_call
from booking.web.reading import body_of, id_in_path, query_of, who_of
from booking.wishes import Mark, Shape, Words

_AGREES = frozenset({Role.MANAGER, Role.CITY, Role.OPS})
"""Those who see drafts: they agree on them."""

_MAY_IMPORT = frozenset({Role.MANAGER, Role.OPS})


class KnowledgeQuery(Shape):
    """Which answers: the best for *q*, of a *category*."""

    q: Words | None = None
    category: Words | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class SheetWish(Shape):
    """A table as text; *check*: only say what would be taken in."""

    csv: Annotated[str, Field(min_length=1)]
    check: bool = False


class KnowledgeUse(Shape):
    """On which call the answer was given."""

    call: Mark


class AnswerShape(Told):
    """An agreed answer, in one version. *uses*: on how many calls any version was given."""

    number: str
    version: int
    category: str
    question: str
    answer: str
    keywords: list[str]
    agreed_on: date | None
    valid_from: date
    valid_until: date | None
    uses: int
    entered_at: datetime


class AnswerList(Told):
    """Agreed answers."""

    knowledge: list[AnswerShape]


class WholeAnswer(AnswerShape):
    """An agreed answer with its versions, the newest first. Not *in_force*: the newest one, for reference."""

    in_force: bool
    versions: list[AnswerShape]


class ImportShape(Told):
    """What was taken in, or would be."""

    added: int
    changed: int
    unchanged: int
    drafts: int


class UseShape(Told):
    """Which version was given."""

    number: str
    version: int


class KnowledgeHandlers:
    """The handlers."""

    def __init__(self, library: Library, calls: Calls) -> None:
        self._library, self._calls = library, calls

    async def find(self, request: web.Request) -> web.Response:
        """Agreed answers that are in force today."""
        query = query_of(request, KnowledgeQuery)
        return answer({"knowledge": await self._library.find(query.q, query.category, query.limit)})

    async def one(self, request: web.Request) -> web.Response:
        """One with its versions."""
        drafts = caller_of(request).role in _AGREES
        return answer(await self._library.one(id_in_path(request, NO_SUCH_ANSWER), drafts=drafts))

    async def take_in(self, request: web.Request) -> web.Response:
        """Take in a table; 422 names every mistake with line and column."""
        wish = await body_of(request, SheetWish)
        user = caller_of(request).user
        return answer(await self._library.take_in(wish.csv, user, only_check=wish.check))

    async def use(self, request: web.Request) -> web.Response:
        """Note that it was given on a call."""
        wish, who, number = (
            await body_of(request, KnowledgeUse),
            who_of(request),
            id_in_path(request, NO_SUCH_ANSWER),
        )
        await check_call(self._calls, wish.call, who)
        version = await self._library.use(number, wish.call, who.user)
        self._calls.note_answer(wish.call, number, version)
        return answer({"number": number, "version": version})


def knowledge_routes(handlers: KnowledgeHandlers) -> tuple[Route, ...]:
    """Return the routes."""
    return (
        Route(
            *("GET", "/api/knowledge", handlers.find, EVERYONE, "Agreed answers"),
            query=KnowledgeQuery,
            answer=AnswerList,
            personal=False,
        ),
        Route(
            *("POST", "/api/knowledge/import", handlers.take_in, _MAY_IMPORT, "Take in agreed answers"),
            body=SheetWish,
            answer=ImportShape,
            largest=LARGEST_SHEET,
        ),
        Route(
            *("GET", "/api/knowledge/{id}", handlers.one, EVERYONE, "One agreed answer with its versions"),
            answer=WholeAnswer,
            personal=False,
        ),
        Route(
            *("POST", "/api/knowledge/{id}/used", handlers.use, DESK | FLOOR, "It was given on a call"),
            body=KnowledgeUse,
            answer=UseShape,
            status=HTTPStatus.OK,
        ),
    )
