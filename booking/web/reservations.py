"""Reservations over HTTP."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from agents.web.answers import answer
from booking.content import STATES
from booking.office import Office
from booking.searching import Search
from booking.shapes import Answer
from booking.web.calls import check_call
from booking.web.reading import body_of, known_in, number_of, once_of, time_in, who_of, words_in
from booking.wishes import Mark, ReservationChange, ReservationWish, Shape


class Cancelling(Shape):
    """What may come with a cancellation: the call in which it was asked for."""

    call: Mark | None = None


class Reservations:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def make(self, request: web.Request) -> web.Response:
        """Make a reservation: 201; 409 when the slot is full; 422 with the fields at fault."""
        wish, who = await body_of(request, ReservationWish), who_of(request)
        await check_call(self._office.calls, wish.call, who)
        made = await self._office.making.reserve(wish, who, await once_of(request))
        return self._told(made, wish.call)

    async def change(self, request: web.Request) -> web.Response:
        """Move it, correct it, or note who came."""
        wish, who = await body_of(request, ReservationChange), who_of(request)
        await check_call(self._office.calls, wish.call, who)
        once = await once_of(request)
        return self._told(await self._office.changing.change(number_of(request), wish, who, once), wish.call)

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel it; the seats come free after the time that the plan says."""
        wish = await body_of(request, Cancelling) if request.body_exists else Cancelling()
        who, once = who_of(request), await once_of(request)
        await check_call(self._office.calls, wish.call, who)
        changing = self._office.changing
        return self._told(await changing.cancel(number_of(request), who, wish.call, once), wish.call)

    async def one(self, request: web.Request) -> web.Response:
        """One reservation with its history."""
        return answer(await self._office.searching.one(number_of(request)))

    async def history(self, request: web.Request) -> web.Response:
        """What became of it, step by step."""
        found = await self._office.searching.one(number_of(request))
        return answer({"history": found["history"]})

    async def search(self, request: web.Request) -> web.Response:
        """Find reservations; ``q`` is whatever somebody typed."""
        query = request.query
        wanted = Search(
            words=words_in(query, "q") or words_in(query, "number"),
            phone=words_in(query, "phone"),
            kana=words_in(query, "kana"),
            name=words_in(query, "name"),
            venue=known_in(query, "venue", {venue.name: venue.title for venue in self._office.plan().venues}),
            state=known_in(query, "state", STATES),
            since=time_in(query, "from"),
            until=time_in(query, "until"),
        )
        found, more = await self._office.searching.find(wanted)
        return answer({"reservations": found, "more": more})

    def _told(self, done: Answer, call: str | None) -> web.Response:
        content: Mapping[str, Any] = done.content
        if call is not None:
            self._office.calls.note(call, content["id"])
        return answer(content, HTTPStatus(done.status))
