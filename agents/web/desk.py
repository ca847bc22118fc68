"""The way to the desk and to the floor: a one-time ticket, then the WebSocket."""

import asyncio
from collections.abc import Set as AbstractSet
from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agents.audit.entry import Entry
from agents.desk.connection import HEARTBEAT_S, LARGEST_FRAME, DeskConnection, Sitting
from agents.floor.connection import FloorConnection
from agents.floor.listener import Listener
from agents.roles import EVERYONE, FLOOR, Role
from agents.tickets import TICKET_S, Ticket
from agents.web.answers import answer
from agents.web.identity import COMMAND_LINE, caller_of, origin_is_ours
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.reading import digits, query_of
from agents.web.source import source_of
from telephony.model.ids import AgentName

LOOK_EVERY_S = 10.0
"""How often open desks are compared with the sessions; what ends a session on purpose closes them at once."""

_LARGEST_SEQ = 2**53
"""The largest whole number that JavaScript counts exactly."""


class DeskQuery(BaseModel):
    """The ticket, and to go on after a lost connection the last ``seq`` that was seen."""

    model_config = ConfigDict(extra="forbid")

    ticket: Annotated[str, Field(max_length=200, repr=False)] = ""
    seq: Annotated[int, BeforeValidator(digits), Field(ge=0, le=_LARGEST_SEQ)] | None = None


async def ticket(request: web.Request) -> web.Response:
    """Give out a ticket: WebSockets cannot send headers, and a cookie alone would not show our own page."""
    caller = caller_of(request)
    session = None if caller.session is None else caller.session.id
    issued = parts_of(request).tickets.issue(caller.user, session)
    return answer({"ticket": issued, "expires_in_s": TICKET_S}, HTTPStatus.CREATED)


async def desk(request: web.Request) -> web.StreamResponse:
    """Serve one desk: ``?ticket=…``, and ``&seq=…`` to go on after the last message seen."""
    parts = parts_of(request)
    socket = _socket_for(request)
    query, redeemed, who = _let_in(request, EVERYONE)
    parts.trail.note(Entry(who.user, who.role, "GET /api/desk", "desk", who.source, "ok"))
    await socket.prepare(request)
    transport = request.transport
    if transport is None:  # gone in the same moment
        return socket
    connection = DeskConnection(parts.desk, socket, who, transport, parts.trail.note)
    with parts.sockets.holding(connection, redeemed.user, redeemed.session):
        await connection.serve(query.seq)
    return socket


async def watch_floor(request: web.Request) -> web.StreamResponse:
    """Let somebody watch the floor; ``?ticket=…`` and ``&seq=…`` as at the desk."""
    parts = parts_of(request)
    socket = _socket_for(request)
    query, redeemed, who = _let_in(request, FLOOR)
    parts.trail.note(Entry(who.user, who.role, "GET /api/floor", "floor", who.source, "ok"))
    await socket.prepare(request)
    transport = request.transport
    if transport is None:  # gone in the same moment
        return socket
    connection = FloorConnection(parts.desk.floor, socket, Listener(transport))
    with parts.sockets.holding(connection, redeemed.user, redeemed.session):
        await connection.serve(query.seq)
    return socket


def _socket_for(request: web.Request) -> web.WebSocketResponse:
    """Return the socket to be opened. Raises `Problem` 403 for a page that is not ours, 426."""
    if not origin_is_ours(request):
        raise Problem(HTTPStatus.FORBIDDEN, "foreign-origin", "The desk opens from our own pages only.")
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S, compress=False, max_msg_size=LARGEST_FRAME, timeout=2.0
    )
    if not socket.can_prepare(request):
        raise Problem(HTTPStatus.UPGRADE_REQUIRED, "websocket-only", "This address speaks WebSocket only.")
    return socket


def _let_in(request: web.Request, roles: AbstractSet[Role]) -> tuple[DeskQuery, Ticket, Sitting]:
    """Return what was asked and who asks. Raises `Problem` 401, and 403 for none of *roles*."""
    parts, query = parts_of(request), query_of(request, DeskQuery)
    redeemed = parts.tickets.redeem(query.ticket)
    role = None if redeemed is None else _role(parts, redeemed.user)
    if redeemed is None or role is None:
        detail = "The ticket is missing, used or older than 30 seconds; get a new one."
        raise Problem(HTTPStatus.UNAUTHORIZED, "no-ticket", detail)
    if role not in roles:
        raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", "Your role may not watch the floor.")
    return query, redeemed, Sitting(redeemed.user, role, source_of(request))


async def close_ended_desks(parts: Parts) -> None:
    """Cut off desks whose session has ended, until cancelled; never in the middle of a call."""

    def has_ended(user: str, session: str) -> bool:
        view = parts.centre.agent_view(AgentName(user))
        on_call = view is not None and view.call is not None
        return not parts.sessions.still_open(session) and not on_call

    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        await parts.sockets.close_ended(has_ended)


def _role(parts: Parts, user: str) -> Role | None:
    if user == COMMAND_LINE:
        return Role.OPS
    person = parts.roster.people.get(AgentName(user))
    return None if person is None or person.credentials.disabled else person.role
