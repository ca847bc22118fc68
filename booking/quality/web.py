"""Recordings, remarks and scorecards over HTTP."""

import base64
import re
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aiohttp import web

from agents.roles import DESK, FLOOR, Role
from agents.web.answers import answer, nothing
from agents.web.auditing import About, note_about
from agents.web.reading import in_zone
from agents.web.routes import Route
from booking.errors import NotThere
from booking.quality.desk import QualityDesk
from booking.quality.wishes import (
    CallQuality,
    ListeningQuery,
    MarkShape,
    MarkWish,
    ScorecardList,
    ScorecardShape,
    ScoresQuery,
    ScoreWish,
)
from booking.web.reading import actor_of, body_of, query_of

MAY_LISTEN = FLOOR | {Role.CITY}
"""The city may hear every record (R13); operators hear none: not even their own, without a supervisor."""

_CALL = re.compile(r"[A-Za-z0-9._:@-]{1,150}", re.ASCII)
_MARK = re.compile(r"[0-9]{1,15}", re.ASCII)


class QualityHandlers:
    """The handlers."""

    def __init__(self, desk: QualityDesk) -> None:
        self._desk = desk

    async def recording(self, request: web.Request) -> web.StreamResponse:
        """The sound file, whole or in parts (RFC 9110, section 14); why stands in the audit trail."""
        query_of(request, ListeningQuery)
        sound = await self._desk.sound(_call_in(request))
        digest = base64.b64encode(bytes.fromhex(sound.sha256)).decode()
        headers = {
            "Content-Type": "audio/wav",
            "Cache-Control": "no-store",
            "Repr-Digest": f"sha-256=:{digest}:",  # RFC 9530: to compare with the call's record
        }
        return web.FileResponse(sound.file, headers=headers)

    async def of_call(self, request: web.Request) -> web.Response:
        """The form, marks and scorecards of a call."""
        return answer(await self._desk.of_call(_call_in(request), actor_of(request)))

    async def mark(self, request: web.Request) -> web.Response:
        """Remark on a moment."""
        wish = await body_of(request, MarkWish)
        made = await self._desk.mark(_call_in(request), wish.at_s, wish.text, actor_of(request))
        note_about(request, About(object=f"calls/{request.match_info['id']}/marks/{made['id']}"))
        return answer(made, HTTPStatus.CREATED)

    async def unmark(self, request: web.Request) -> web.Response:
        """Take a remark away."""
        mark = request.match_info["mark"]
        if not _MARK.fullmatch(mark):
            raise NotThere("この印はありません。")
        await self._desk.unmark(_call_in(request), int(mark), actor_of(request))
        return nothing()

    async def score(self, request: web.Request) -> web.Response:
        """Write one's own scorecard of the call."""
        wish = await body_of(request, ScoreWish)
        return answer(await self._desk.score(_call_in(request), wish, actor_of(request)))

    async def find(self, request: web.Request) -> web.Response:
        """Scorecards; an operator's own ones, if an operator asks."""
        query, who = query_of(request, ScoresQuery), actor_of(request)
        zone = ZoneInfo(self._desk.plan().timezone)
        agent = query.agent if who.role in FLOOR else who.user
        bounds = (in_zone(query.since, zone), in_zone(query.until, zone))
        return answer(await self._desk.find(agent, *bounds, query.limit))


def _call_in(request: web.Request) -> str:
    call = request.match_info["id"]
    if not _CALL.fullmatch(call):
        raise NotThere("この通話はありません。")
    return call


def quality_routes(handlers: QualityHandlers) -> tuple[Route, ...]:
    """Return the routes."""
    one, gone = "/api/calls/{id}", (HTTPStatus.NOT_FOUND,)
    return (
        Route(
            *("GET", f"{one}/recording", handlers.recording, MAY_LISTEN, "The recording of a call"),
            query=ListeningQuery,
            media="audio/wav",
            errors=gone,
        ),
        Route(
            *("GET", f"{one}/quality", handlers.of_call, DESK | FLOOR, "Marks and scorecards of a call"),
            answer=CallQuality,
            errors=gone,
        ),
        Route(
            *("POST", f"{one}/marks", handlers.mark, FLOOR, "Remark on a moment of a recording", MarkWish),
            answer=MarkShape,
            status=HTTPStatus.CREATED,
            errors=gone,
        ),
        Route(
            *("DELETE", f"{one}/marks/{{mark}}", handlers.unmark, FLOOR, "Take a remark away"),
            status=HTTPStatus.NO_CONTENT,
            errors=gone,
        ),
        Route(
            *("PUT", f"{one}/scorecard", handlers.score, FLOOR, "Score a call by the form", ScoreWish),
            answer=ScorecardShape,
            errors=(*gone, HTTPStatus.CONFLICT),
        ),
        Route(
            *("GET", "/api/quality", handlers.find, DESK | FLOOR, "Scorecards and averages"),
            query=ScoresQuery,
            answer=ScorecardList,
        ),
    )
