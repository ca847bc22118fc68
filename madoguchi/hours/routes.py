"""``/api/hours`` and ``/api/emergency``: look at the calendar, open and close ad hoc, the disaster mode."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from agents.errors import Fault, Invalid
from agents.roles import EVERYONE, Role
from agents.web.answers import answer, nothing
from agents.web.identity import COMMAND_LINE, caller_of
from agents.web.problems import Problem, not_found
from agents.web.reading import body_of, query_of
from agents.web.routes import Handler, Route
from agents.web.shapes import Shape
from agents.web.undo import undoable
from config.layout import Layout
from config.schema import Centre
from config.schema.base import as_phone_number
from madoguchi.hours import emergency
from madoguchi.hours.book import Book, NoSuchOverride
from madoguchi.hours.entries import Entry
from madoguchi.hours.shapes import (
    DayQuery,
    DayShape,
    EmergencyShape,
    EmergencyWish,
    OverrideList,
    OverrideShape,
    OverrideWish,
)
from madoguchi.hours.showing import day_content, entry_content
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant

_MAY_SET_HOURS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OPS})


@dataclass(frozen=True, slots=True)
class HoursParts:
    """What these routes stand on. *sayable* tells whether a prompt can be said with nothing to fill in."""

    layout: Layout
    plan: Callable[[], Centre]
    calendar: Callable[[], Calendar]
    now: Callable[[], Instant]
    book: Book
    sayable: Callable[[str], bool]
    emergency_changed: Callable[[str | None], None]
    refusal: str | None = None
    """Why the disaster mode cannot be switched here."""


def _read(
    path: str, handler: Handler, summary: str, shape: type[Shape], query: type[BaseModel] | None = None
) -> Route:
    return Route("GET", path, handler, EVERYONE, summary, query=query, answer=shape, personal=False)


class HoursRoutes:
    """The handlers."""

    def __init__(self, parts: HoursParts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        """Return every address with its rule."""
        return [
            _read("/api/hours", self.one_day, "A day of the calendar", DayShape, DayQuery),
            _read("/api/hours/overrides", self.list_all, "What is open or closed ad hoc", OverrideList),
            Route(
                "POST",
                "/api/hours/overrides",
                self.enter,
                _MAY_SET_HOURS,
                "Open or close ad hoc",
                OverrideWish,
                answer=OverrideShape,
                status=HTTPStatus.CREATED,
                personal=False,
            ),
            Route(
                "DELETE",
                "/api/hours/overrides/{id}",
                self.cancel,
                _MAY_SET_HOURS,
                "Take it back",
                status=HTTPStatus.NO_CONTENT,
                personal=False,
            ),
            _read("/api/emergency", self.show_emergency, "The disaster mode", EmergencyShape),
            Route(
                "POST",
                "/api/emergency",
                self.switch,
                _MAY_SET_HOURS,
                "Switch the disaster mode",
                EmergencyWish,
                answer=EmergencyShape,
                personal=False,
            ),
            Route(
                "POST",
                "/api/emergency/refresh",
                self.refresh,
                frozenset({Role.OPS}),
                "The disaster mode was switched beside this interface: look again",
                status=HTTPStatus.NO_CONTENT,
                personal=False,
            ),
        ]

    # --- hours -----------------------------------------------------------------------------------------

    async def one_day(self, request: web.Request) -> web.Response:
        """The day *on* (``YYYY-MM-DD``), else today."""
        parts, wanted = self._parts, query_of(request, DayQuery).on
        calendar, now = parts.calendar(), parts.now()
        day = wanted or calendar.local(now).date()
        return answer(day_content(calendar, parts.plan(), parts.book.standing, day, now))

    async def list_all(self, request: web.Request) -> web.Response:
        """Everything that holds now or will hold."""
        del request
        calendar = self._parts.calendar()
        return answer({"overrides": [entry_content(e, calendar) for e in self._parts.book.standing]})

    async def enter(self, request: web.Request) -> web.Response:
        """Open or close; it holds at once."""
        entry = self._entry(await body_of(request, OverrideWish), caller_of(request).user)
        self._parts.book.enter(entry)
        response = answer(entry_content(entry, self._parts.calendar()), HTTPStatus.CREATED)
        what = "opening" if entry.opens else "closing"
        return undoable(request, response, what, partial(self._take_back, entry))

    async def _take_back(self, entry: Entry) -> None:
        try:
            self._parts.book.cancel(entry.id, entry.entered_by)
        except NoSuchOverride as error:
            raise not_found(f"opening or closing {entry.id}") from error

    async def cancel(self, request: web.Request) -> web.Response:
        """Take an entry back before its end."""
        try:
            self._parts.book.cancel(request.match_info["id"], caller_of(request).user)
        except NoSuchOverride as error:
            raise not_found(f"opening or closing {request.match_info['id']}") from error
        return nothing()

    def _entry(self, wish: OverrideWish, by: str) -> Entry:
        zone, now = self._parts.calendar().zone, datetime.now(UTC)
        since, until = (
            None if at is None else at if at.tzinfo else at.replace(tzinfo=zone)
            for at in (wish.since, wish.until)
        )
        since = since or now
        if until is None or until <= max(since, now):
            raise Invalid(Fault("until", "must lie in the future, after since"))
        self._refuse_unknown(wish)
        return Entry(
            id=secrets.token_hex(4),
            opens=wish.opens,
            since=since,
            until=until,
            message=wish.message,
            numbers=tuple(as_phone_number(number) for number in wish.numbers),
            queues=wish.queues,
            entered_at=now,
            entered_by=by,
        )

    def _refuse_unknown(self, wish: OverrideWish) -> None:
        plan = self._parts.plan()
        queues, numbers = {q.name for q in plan.queues}, {n.number for n in plan.numbers}
        faults = [Fault("queues", f"names {q!r}, which is no queue") for q in wish.queues if q not in queues]
        for number in wish.numbers:
            try:
                known = as_phone_number(number) in numbers
            except ValueError:
                known = False
            faults += [] if known else [Fault("numbers", f"names {number!r}, which is no number of ours")]
        if wish.message is not None and not self._parts.sayable(wish.message):
            faults.append(
                Fault("message", f"names {wish.message!r}, which is no prompt that can be said as it is")
            )
        if faults:
            raise Invalid(*faults)

    # --- the disaster mode -------------------------------------------------------------------------------

    async def show_emergency(self, request: web.Request) -> web.Response:
        """Whether it is on, and what it says."""
        del request
        return answer(self._state())

    async def switch(self, request: web.Request) -> web.Response:
        """Switch it, or note that a second person must."""
        parts, caller = self._parts, caller_of(request)
        wish = await body_of(request, EmergencyWish)
        if parts.refusal is not None:
            raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", parts.refusal)
        if parts.plan().emergency.two_persons and caller.user == COMMAND_LINE:
            detail = "Two persons must switch it, each by name; use `madoguchi emergency` or sign in."
            raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", detail)
        message = (wish.message or parts.plan().emergency.message) if wish.on else None
        wanted, before = emergency.Wish(message, caller.user), emergency.message_in_force(parts.layout)
        try:
            done = await asyncio.to_thread(emergency.switch, parts.layout, parts.plan(), wanted)
        except emergency.EmergencyRefused as error:
            raise Invalid(Fault("message", str(error))) from error
        response = answer(self._state() | {"waits_for_second_person": not done})
        if not done:
            return response
        parts.emergency_changed(message)
        if parts.plan().emergency.two_persons or before == message:
            return response
        return undoable(request, response, "disaster mode", partial(self._switch_back, before, caller.user))

    async def _switch_back(self, before: str | None, by: str) -> None:
        parts = self._parts
        await asyncio.to_thread(emergency.switch, parts.layout, parts.plan(), emergency.Wish(before, by))
        parts.emergency_changed(before)

    async def refresh(self, request: web.Request) -> web.Response:
        """Look at the flag again."""
        del request
        self._parts.emergency_changed(emergency.message_in_force(self._parts.layout))
        return nothing()

    def _state(self) -> dict[str, Any]:
        message = emergency.message_in_force(self._parts.layout)
        return {"on": message is not None, "message": message}
