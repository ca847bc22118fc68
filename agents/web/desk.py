"""The way to the desk: a one-time ticket, then the WebSocket."""

from http import HTTPStatus

from aiohttp import web

from agents.desk.connection import HEARTBEAT_S, LARGEST_FRAME, DeskConnection
from agents.errors import Fault, Invalid
from agents.roles import Role
from agents.sessions import TICKET_S
from agents.web.answers import answer
from agents.web.identity import COMMAND_LINE, caller_of, origin_is_ours
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from telephony.model.ids import AgentName

_LONGEST_SEQ = 16
"""Digits of the largest whole number that JavaScript counts exactly, 2**53."""


async def ticket(request: web.Request) -> web.Response:
    """Give out a ticket: WebSockets cannot send headers, and a cookie alone would not show our own page."""
    caller = caller_of(request)
    session = None if caller.session is None else caller.session.id
    issued = parts_of(request).tickets.issue(caller.user, session)
    return answer({"ticket": issued, "expires_in_s": TICKET_S}, HTTPStatus.CREATED)


async def desk(request: web.Request) -> web.StreamResponse:
    """Serve one desk: ``?ticket=…``, and ``&seq=…`` to go on after the last message seen."""
    parts = parts_of(request)
    if not origin_is_ours(request):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign-origin", "The desk opens from our own pages only.")
    resume_from = _seq(request)
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, compress=False, max_msg_size=LARGEST_FRAME, timeout=2.0
    )
    if not socket.can_prepare(request):
        raise Problem(HTTPStatus.UPGRADE_REQUIRED, "websocket-only", "This address speaks WebSocket only.")
    redeemed = parts.tickets.redeem(request.query.get("ticket", ""))
    role = None if redeemed is None else _role(parts, redeemed.user)
    if redeemed is None or role is None:
        detail = "The ticket is missing, used or older than 30 seconds; get a new one."
        raise Problem(HTTPStatus.UNAUTHORIZED, "no-ticket", detail)
    await socket.prepare(request)
    connection = DeskConnection(parts.desk, socket, redeemed.user, role, request.transport)
    with parts.sockets.holding(connection, redeemed.user, redeemed.session):
        await connection.serve(resume_from)
    return socket


def _role(parts: Parts, user: str) -> Role | None:
    if user == COMMAND_LINE:
        return Role.OPS
    person = parts.roster.people.get(AgentName(user))
    return None if person is None else person.role


def _seq(request: web.Request) -> int | None:
    text = request.query.get("seq")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_SEQ:
        raise Invalid(Fault("seq", "must be the seq of a message"))
    return int(text)
