"""Addresses of the floor's commands: supervisors on calls, waiting calls, notices."""

from http import HTTPStatus

from agents.roles import DESK, FLOOR
from agents.web import floor, shapes, supervision, transfers
from agents.web.routes import Route

_DONE, _CONFLICT = HTTPStatus.NO_CONTENT, HTTPStatus.CONFLICT

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
        "/api/notices",
        floor.announce,
        FLOOR,
        "Show a notice on every screen",
        floor.NoticeWish,
        status=_DONE,
    ),
)
