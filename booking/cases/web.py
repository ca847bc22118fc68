"""Cases over HTTP."""

from http import HTTPStatus

from aiohttp import web

from agents.web.answers import answer
from booking.cases.desk import NO_SUCH_CASE, Cases
from booking.cases.wishes import CaseChange, CaseQuery, CaseWish
from booking.ports import Calls
from booking.web.calls import check_call
from booking.web.reading import actor_of, body_of, id_in_path, once_of, query_of, who_of


class CaseHandlers:
    """The handlers."""

    def __init__(self, cases: Cases, calls: Calls) -> None:
        self._cases, self._calls = cases, calls

    async def open(self, request: web.Request) -> web.Response:
        """Open a case: 201. The caller's number is taken from the call when it is not said."""
        wish = await body_of(request, CaseWish)
        await check_call(self._calls, wish.call, who_of(request))
        if wish.call is not None and wish.caller is None:
            wish = wish.model_copy(update={"caller": await self._calls.caller_of(wish.call)})
        done = await self._cases.open(wish, actor_of(request), await once_of(request))
        if wish.call is not None:
            self._calls.note_case(wish.call, done.content["number"])
        return answer(done.content, HTTPStatus(done.status))

    async def change(self, request: web.Request) -> web.Response:
        """Change a case: 409 when somebody else has changed it since it was read."""
        wish = await body_of(request, CaseChange)
        number, once = id_in_path(request, NO_SUCH_CASE), await once_of(request)
        done = await self._cases.change(number, wish, actor_of(request), once)
        return answer(done.content, HTTPStatus(done.status))

    async def one(self, request: web.Request) -> web.Response:
        """One case with its history."""
        return answer(await self._cases.one(id_in_path(request, NO_SUCH_CASE), actor_of(request)))

    async def find(self, request: web.Request) -> web.Response:
        """Cases, newest first."""
        query = query_of(request, CaseQuery)
        return answer({"cases": await self._cases.find(query, actor_of(request))})
