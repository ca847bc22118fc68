"""Venues, slots, holds and the waiting list over HTTP."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web

from agents.web.answers import answer, nothing
from booking.errors import FieldFault, Invalid, NotThere
from booking.office import Office
from booking.opening import closed_days
from booking.shapes import SlotId
from booking.slots import MOST_SLOTS, USUAL_SLOTS, SlotQuery
from booking.web.calls import check_call
from booking.web.reading import body_of, count_in, known_in, time_in, who_of
from booking.web.reservations import Cancelling
from booking.wishes import HoldWish, WaitlistWish
from telephony.record import JST

_A_MOMENT = timedelta(microseconds=1)
_LONGEST_LOOK = timedelta(days=62)
_STATES = {
    "waiting": "待っている",
    "offered": "枠を取り置き中",
    "booked": "予約済み",
    "expired": "期限切れ",
    "withdrawn": "取り下げ",
}


class SlotHandlers:
    """The handlers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def venues(self, request: web.Request) -> web.Response:
        """Where one can go and what for, with what to bring."""
        del request
        plan = self._office.plan()
        return answer(
            {
                "venues": [venue.model_dump(mode="json") for venue in plan.venues],
                "services": [service.model_dump(mode="json") for service in plan.services],
                "most_people": plan.most_people,
            }
        )

    async def slots(self, request: web.Request) -> web.Response:
        """Slots that may be booked now, across all venues or at one; ``people``: with room for so many."""
        query = request.query
        wanted = SlotQuery(
            venue=self._venue(request),
            service=self._service(request),
            since=time_in(query, "from"),
            until=time_in(query, "until"),
            people=count_in(query, "people", default=0, most=20),
            most=count_in(query, "limit", default=USUAL_SLOTS, most=MOST_SLOTS),
        )
        found, more = await self._office.slots.find(wanted, who_of(request).channel)
        return answer({"slots": found, "more": more, "closed": self._closed(wanted)})

    def _closed(self, wanted: SlotQuery) -> list[dict[str, str]]:
        """Return the days on which the wanted venue is closed, and why, so that it can be told."""
        plan = self._office.plan()
        venue = None if wanted.venue is None else plan.venue(wanted.venue)
        if venue is None or wanted.since is None or wanted.until is None:
            return []
        first = wanted.since.astimezone(JST).date()
        last = min((wanted.until - _A_MOMENT).astimezone(JST).date(), first + _LONGEST_LOOK)
        days = closed_days(first, last, venue, plan)
        return [{"date": str(day), "why": why} for day, why in days.items()]

    # --- holds -----------------------------------------------------------------------------------

    async def hold(self, request: web.Request) -> web.Response:
        """Keep seats while somebody talks."""
        wish, who = await body_of(request, HoldWish), who_of(request)
        await check_call(self._office.calls, wish.call, who)
        held = await self._office.holds.hold(wish, who)
        return answer(held | {"slot": str(wish.slot)}, HTTPStatus.CREATED)

    async def holds(self, request: web.Request) -> web.Response:
        """What is held now, and by whom."""
        text = request.query.get("slot")
        slot = None if text is None else SlotId.read(text)
        if text is not None and slot is None:
            raise Invalid(FieldFault("slot", "枠の指定が正しくありません。"))
        return answer({"holds": await self._office.holds.all(None if slot is None else slot.number)})

    async def renew(self, request: web.Request) -> web.Response:
        """Begin the time of one's own hold anew."""
        return answer(await self._office.holds.renew(request.match_info["id"], who_of(request)))

    async def take_over(self, request: web.Request) -> web.Response:
        """Take somebody else's hold, on purpose."""
        wish = await body_of(request, Cancelling) if request.body_exists else Cancelling()
        name, who = request.match_info["id"], who_of(request)
        await check_call(self._office.calls, wish.call, who)
        return answer(await self._office.holds.take_over(name, who, wish.call))

    async def release(self, request: web.Request) -> web.Response:
        """Give one's own hold back."""
        await self._office.holds.release(request.match_info["id"], who_of(request))
        return nothing()

    # --- waiting list ----------------------------------------------------------------------------

    async def enter(self, request: web.Request) -> web.Response:
        """Put somebody on the waiting list."""
        wish, who = await body_of(request, WaitlistWish), who_of(request)
        return answer(await self._office.waitlist.enter(wish, who), HTTPStatus.CREATED)

    async def waiting(self, request: web.Request) -> web.Response:
        """Who waits, in the order of coming; ``state=offered``: whom to call."""
        state = known_in(request.query, "state", _STATES)
        wanted: dict[str, Any] = {} if state is None else {"states": (state,)}
        found = await self._office.waitlist.find(
            service=self._service(request), venue=self._venue(request), **wanted
        )
        return answer({"waitlist": found})

    async def withdraw(self, request: web.Request) -> web.Response:
        """Take somebody off the waiting list."""
        text = request.match_info["id"]
        if not (text.isascii() and text.isdigit() and len(text) <= 15):  # noqa: PLR2004 -- fits a bigint
            raise NotThere("このキャンセル待ちはありません。")
        await self._office.waitlist.withdraw(int(text))
        return nothing()

    def _venue(self, request: web.Request) -> str | None:
        return known_in(
            request.query, "venue", {each.name: each.title for each in self._office.plan().venues}
        )

    def _service(self, request: web.Request) -> str | None:
        known = {each.name: each.title for each in self._office.plan().services}
        return known_in(request.query, "service", known)
