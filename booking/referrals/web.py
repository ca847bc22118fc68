"""The referral directory over HTTP."""

from http import HTTPStatus
from typing import Literal

from aiohttp import web

from agents.roles import DESK, EVERYONE, FLOOR
from agents.web.answers import answer, nothing
from agents.web.routes import Route
from agents.web.shapes import Shape as Told
from booking.ports import Calls
from booking.referrals.directory import Directory
from booking.web.calls import check_call
from booking.web.reading import body_of, query_of, who_of
from booking.wishes import Mark, Shape, Words


class ReferralUse(Shape):
    """On which call somebody was referred there, and how."""

    call: Mark
    how: Literal["guided", "transferred"] = "guided"


class ReferralQuery(Shape):
    """Which places: of a *topic*, with all words of *q*."""

    q: Words | None = None
    topic: Words | None = None


class ReferralShape(Told):
    """A place to refer callers to. *transfer*: whether the call may be put through."""

    name: str
    title: str
    number: str
    number_written: str
    topics: list[str]
    when: str
    hours_written: str
    open_now: bool
    transfer: bool
    note: str | None


class ReferralList(Told):
    """Places, in the city's order."""

    referrals: list[ReferralShape]


class ReferralHandlers:
    """The handlers."""

    def __init__(self, directory: Directory, calls: Calls) -> None:
        self._directory, self._calls = directory, calls

    async def find(self, request: web.Request) -> web.Response:
        """Places for a topic or some words."""
        query = query_of(request, ReferralQuery)
        return answer({"referrals": self._directory.find(query.q, query.topic)})

    async def use(self, request: web.Request) -> web.Response:
        """Note it in the call."""
        wish, who, name = await body_of(request, ReferralUse), who_of(request), request.match_info["name"]
        await check_call(self._calls, wish.call, who)
        await self._directory.use(name, wish.call, wish.how, who.user)
        self._calls.note_referral(wish.call, name, wish.how)
        return nothing()


def referral_routes(handlers: ReferralHandlers) -> tuple[Route, ...]:
    """Return the routes."""
    return (
        Route(
            *("GET", "/api/referrals", handlers.find, EVERYONE, "To whom callers are referred"),
            query=ReferralQuery,
            answer=ReferralList,
            personal=False,
        ),
        Route(
            *(
                "POST",
                "/api/referrals/{name}/used",
                handlers.use,
                DESK | FLOOR,
                "A caller was referred there",
            ),
            body=ReferralUse,
            status=HTTPStatus.NO_CONTENT,
        ),
    )
