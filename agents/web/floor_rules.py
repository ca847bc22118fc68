"""Addresses of the floor's commands: supervisors on calls, waiting calls, notices."""

from http import HTTPStatus

from pydantic import BaseModel

from agents.roles import DESK, FLOOR
from agents.web import commands, floor, queues, shapes, supervision, transfers, undo
from agents.web.routes import Handler, Route

_DONE, _CONFLICT = HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT


def _of_queue(word: str, handler: Handler, summary: str, body: type[BaseModel]) -> Route:
    return Route(
        "POST",
        f"/api/queues/{{name}}/{word}",
        handler,
        FLOOR,
        summary,
        body,
        answer=shapes.QueueShape,
        errors=(_CONFLICT,),
    )


FLOOR_ROUTES = (
    Route(
        "POST",
        "/api/calls/{id}/supervision",
        supervision.supervise,
        FLOOR,
        "Listen, whisper, barge in or take over, or change between them",
        supervision.SupervisionWish,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "DELETE",
        "/api/calls/{id}/supervision",
        supervision.leave,
        FLOOR,
        "Leave a call that one hears",
        query=supervision.WhoLeaves,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/calls/{id}/move",
        floor.move,
        FLOOR,
        "Move a waiting call to another queue, or to the front",
        floor.MoveWish,
        answer=shapes.Moved,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/calls/{id}/transfer",
        transfers.transfer,
        DESK | FLOOR,
        "Send a call that is talked on to somebody else",
        transfers.TransferTo,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/calls/{id}/consultation",
        transfers.consult,
        DESK | FLOOR,
        "Have somebody join a call, confer, or hand it over",
        transfers.Consultation,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "DELETE",
        "/api/calls/{id}/consultation",
        transfers.dismiss,
        DESK | FLOOR,
        "Let go somebody who was asked to join",
        query=transfers.WhoLeaves,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/calls/{id}/give",
        floor.give,
        FLOOR,
        "Let an operator's phone ring for a waiting call now",
        floor.GiveWish,
        answer=shapes.Given,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/calls/{id}/remove",
        floor.remove,
        FLOOR,
        "Let a waiting caller go, after an announcement",
        floor.RemoveWish,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    _of_queue("pause", queues.pause, "Offer nobody its calls for a while", queues.Lasting),
    _of_queue("resume", queues.resume, "End a pause before its time", queues.Nothing),
    _of_queue("limit", queues.limit, "Bound its line for a while", queues.LimitWish),
    _of_queue("tiers", queues.tiers, "Let others answer for a while", queues.TiersWish),
    Route(
        "POST",
        "/api/undo",
        undo.undo,
        FLOOR,
        "Take a command back",
        undo.UndoWish,
        answer=shapes.Undone,
        errors=(_CONFLICT,),
    ),
    Route(
        "GET",
        "/api/commands",
        commands.list_commands,
        FLOOR,
        "The commands of the floor that one may give",
        answer=shapes.CommandList,
        personal=False,
    ),
    Route(
        "POST",
        "/api/notices",
        floor.announce,
        FLOOR,
        "Show a notice on every screen",
        floor.NoticeWish,
        status=_DONE,
    ),
)
