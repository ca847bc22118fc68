"""Outreach over HTTP."""

from http import HTTPStatus

from aiohttp import web

from agents.roles import DESK, EVERYONE, FLOOR, Role
from agents.web.answers import answer, nothing
from agents.web.routes import LARGEST_SHEET, Route
from booking.errors import FieldFault, Invalid, NotAllowed, NotThere
from booking.outreach import shapes
from booking.outreach.calling import Calling
from booking.outreach.wishes import BarWish, CallsQuery, DialWish, ListWish, ResultWish, TargetQuery
from booking.shapes import Actor
from booking.web.reading import actor_of, body_of, once_of, query_of

_MAY_IMPORT = frozenset({Role.MANAGER, Role.CITY, Role.OPS})
_CALLS = DESK | FLOOR
_READS = FLOOR | {Role.CITY}

_ONE = "/api/outreach/{id}"
_CONFLICT, _GONE = (HTTPStatus.CONFLICT,), (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


class OutreachHandlers:
    """The handlers."""

    def __init__(self, calling: Calling) -> None:
        self._calling = calling

    async def gate(self, request: web.Request) -> web.Response:
        """Today's decision with its figures."""
        del request
        return answer(await self._calling.gate.today())

    async def take_in(self, request: web.Request) -> web.Response:
        """Take in a list; 422 names every mistake with line and column."""
        wish, user = await body_of(request, ListWish), actor_of(request).user
        return answer(await self._calling.take_in(wish.csv, wish.list, user, only_check=wish.check))

    async def next(self, request: web.Request) -> web.Response:
        """One's own target, or the next that nobody has."""
        return answer(await self._calling.next(actor_of(request).user))

    async def dial(self, request: web.Request) -> web.Response:
        """Count a call and place it: 201."""
        rings = _whose_phone(await body_of(request, DialWish), actor_of(request))
        user, once = actor_of(request).user, await once_of(request)
        done = await self._calling.dial(_target_of(request), user, once, rings)
        return answer(done.content, HTTPStatus(done.status))

    async def settle(self, request: web.Request) -> web.Response:
        """What came of the call."""
        wish = await body_of(request, ResultWish)
        return answer(await self._calling.settle(_target_of(request), wish, actor_of(request)))

    async def release(self, request: web.Request) -> web.Response:
        """Give the target back."""
        await self._calling.release(_target_of(request), actor_of(request))
        return nothing()

    async def find(self, request: web.Request) -> web.Response:
        """Targets."""
        return answer({"targets": await self._calling.find(query_of(request, TargetQuery))})

    async def calls(self, request: web.Request) -> web.Response:
        """The calls of a day."""
        return answer({"calls": await self._calling.calls(query_of(request, CallsQuery).day)})

    async def bar(self, request: web.Request) -> web.Response:
        """Put a number on the do-not-call list."""
        wish = await body_of(request, BarWish)
        await self._calling.bar(wish.phone, wish.note, actor_of(request).user)
        return nothing()

    async def barred(self, request: web.Request) -> web.Response:
        """The do-not-call list."""
        del request
        return answer({"numbers": await self._calling.barred()})


def _target_of(request: web.Request) -> int:
    text = request.match_info["id"]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):  # noqa: PLR2004 -- fits a bigint
        raise NotThere("この勧奨先はありません。")
    return int(text)


def _whose_phone(wish: DialWish, actor: Actor) -> str | None:
    """Return the operator whose phone rings, or None. Raises `NotAllowed` or `Invalid`."""
    if wish.phone == "other":
        if wish.agent is not None:
            raise Invalid(FieldFault("agent", "ほかの電話機でかけるときは、担当者を入れません。"))
        return None
    if wish.agent not in {None, actor.user} and actor.role not in FLOOR:
        raise NotAllowed("ほかの担当者の電話機は鳴らせません。")
    return wish.agent or actor.user


def outreach_routes(handlers: OutreachHandlers) -> tuple[Route, ...]:
    """Return the routes."""
    barring = "/api/outreach/do-not-call"
    return (
        Route(
            *("GET", "/api/outreach", handlers.find, _READS, "Whom the city wants to be called"),
            query=TargetQuery,
            answer=shapes.TargetList,
        ),
        Route(
            *("GET", "/api/outreach/gate", handlers.gate, EVERYONE, "Whether outreach calls may be placed"),
            answer=shapes.GateShape,
            personal=False,
        ),
        Route(
            *("GET", "/api/outreach/calls", handlers.calls, _READS, "Outreach calls of a day"),
            query=CallsQuery,
            answer=shapes.OutreachCalls,
        ),
        Route(
            *("POST", "/api/outreach/import", handlers.take_in, _MAY_IMPORT, "Take in a list", ListWish),
            answer=shapes.Taken,
            largest=LARGEST_SHEET,
        ),
        Route(
            *("POST", "/api/outreach/next", handlers.next, _CALLS, "The next target"),
            answer=shapes.NextTarget,
            errors=_GONE,
        ),
        Route(
            *("POST", f"{_ONE}/dial", handlers.dial, _CALLS, "Count a call and place it", DialWish),
            answer=shapes.DialShape,
            status=HTTPStatus.CREATED,
            errors=_CONFLICT,
        ),
        Route(
            *("POST", f"{_ONE}/result", handlers.settle, _CALLS, "What came of the call", ResultWish),
            answer=shapes.TargetShape,
            errors=_CONFLICT,
        ),
        Route(
            *("POST", f"{_ONE}/release", handlers.release, _CALLS, "Give the target back"),
            status=HTTPStatus.NO_CONTENT,
            errors=_CONFLICT,
        ),
        Route(
            *("GET", barring, handlers.barred, _READS, "The do-not-call list"),
            answer=shapes.BarredList,
        ),
        Route(
            *("POST", barring, handlers.bar, _CALLS | {Role.CITY}, "Never call a number", BarWish),
            status=HTTPStatus.NO_CONTENT,
        ),
    )
