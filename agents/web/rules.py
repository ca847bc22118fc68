"""The table of addresses: who may use which, what each takes and answers. Others refuse everyone."""

from http import HTTPStatus

from agents.roles import DESK, EVERYONE, FLOOR, Role
from agents.web import agents, callbacks, calls, desk, figures, health, openapi, pages, phone, shapes
from agents.web.access_rules import ACCESS_ROUTES
from agents.web.floor_rules import FLOOR_ROUTES
from agents.web.routes import PUBLIC, Route

_MAY_MANAGE = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OPS})
_WITH_CITY = FLOOR | {Role.CITY}

_CREATED, _DONE = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
_CONFLICT = HTTPStatus.CONFLICT
_GONE = (HTTPStatus.NOT_FOUND,)
_PLAIN = "text/plain"

_HEALTH = (
    Route("GET", "/healthz", health.healthz, PUBLIC, "Whether the program is alive", answer=shapes.Alive),
    Route(
        "GET",
        "/readyz",
        health.readyz,
        PUBLIC,
        "Whether calls can be taken, and what is missing",
        answer=shapes.Readiness,
    ),
    Route("GET", "/metrics", health.metrics, PUBLIC, "Figures for Prometheus", media=_PLAIN),
    Route("GET", "/api/openapi.json", openapi.openapi, PUBLIC, "This document"),
    Route(
        "GET",
        "/api/status",
        health.status,
        _WITH_CITY,
        "What runs, and how full the centre is",
        answer=shapes.Status,
        personal=False,
    ),
)

_PAGES = (
    Route("GET", "/", pages.page, PUBLIC, "The console", media="text/html", errors=_GONE),
    Route("GET", "/assets/{name}", pages.asset, PUBLIC, "A file of the console", media="*/*"),
)

_DESK = (
    Route(
        "GET",
        "/api/phone",
        phone.own_phone,
        DESK,
        "One's own browser phone",
        answer=shapes.PhoneShape,
        errors=_GONE,
    ),
    Route(
        "POST",
        "/api/desk/ticket",
        desk.ticket,
        DESK | FLOOR,
        "A one-time ticket for the desk",
        answer=shapes.TicketShape,
        status=_CREATED,
    ),
    # The ticket says who it is: a WebSocket can send nothing else.
    Route(
        "GET",
        "/api/desk",
        desk.desk,
        PUBLIC,
        "The desk (WebSocket)",
        query=desk.DeskQuery,
        status=HTTPStatus.SWITCHING_PROTOCOLS,
        errors=(HTTPStatus.FORBIDDEN, HTTPStatus.UPGRADE_REQUIRED, HTTPStatus.UNAUTHORIZED),
    ),
)

_FLOOR = (
    Route(
        "GET",
        "/api/floor",
        desk.watch_floor,
        PUBLIC,
        "The whole floor, live (WebSocket; ticket as at the desk)",
        query=desk.DeskQuery,
        status=HTTPStatus.SWITCHING_PROTOCOLS,
        errors=(HTTPStatus.FORBIDDEN, HTTPStatus.UPGRADE_REQUIRED, HTTPStatus.UNAUTHORIZED),
    ),
    Route(
        "GET",
        "/api/figures",
        figures.figures,
        EVERYONE,
        "Answer rate and what else the centre is judged by, today and this month",
        answer=shapes.FiguresShape,
        personal=False,
    ),
)

_CALLS = (
    Route(
        "GET",
        "/api/calls",
        calls.list_calls,
        EVERYONE,
        "Records of calls that ended",
        query=calls.CallsQuery,
        answer=shapes.CallList,
    ),
    Route(
        "GET",
        "/api/calls/live",
        calls.list_live_calls,
        _WITH_CITY,
        "Calls that are up now",
        answer=shapes.LiveCallList,
    ),
    Route("GET", "/api/calls/{id}", calls.one_call, EVERYONE, "One call", answer=shapes.OneCall),
    Route(
        "GET",
        "/api/export/queue-log",
        calls.queue_log,
        FLOOR,
        "Asterisk's queue_log of a time",
        query=calls.Times,
        media=_PLAIN,
    ),
    Route(
        "POST",
        "/api/calls/{id}/hangup",
        calls.hang_up,
        _MAY_MANAGE,
        "End a live call",
        status=_DONE,
        errors=(_CONFLICT,),
    ),
)

_CALLBACKS = (
    Route(
        "GET",
        "/api/callbacks",
        callbacks.list_callbacks,
        _WITH_CITY,
        "Callbacks that are open",
        answer=shapes.CallbackList,
    ),
    Route(
        "POST",
        "/api/callbacks/{id}/cancel",
        callbacks.cancel_callback,
        _MAY_MANAGE,
        "Take a callback back",
        status=_DONE,
        errors=(_CONFLICT,),
    ),
)

_AGENTS = (
    Route(
        "GET",
        "/api/agents",
        agents.list_agents,
        EVERYONE,
        "Operators and what they are doing",
        answer=shapes.AgentList,
        personal=False,
    ),
    Route(
        "POST",
        "/api/agents",
        agents.add_agent,
        _MAY_MANAGE,
        "Add an operator",
        agents.AgentWish,
        answer=shapes.EnteredAgent,
        status=_CREATED,
        errors=(_CONFLICT,),
    ),
    Route(
        "GET",
        "/api/agents/{name}",
        agents.one_agent,
        EVERYONE,
        "One operator",
        answer=shapes.AgentShape,
        personal=False,
    ),
    Route(
        "PATCH",
        "/api/agents/{name}",
        agents.change_agent,
        _MAY_MANAGE,
        "Change an operator",
        agents.AgentChange,
        answer=shapes.EnteredAgent,
        errors=(_CONFLICT,),
    ),
    Route(
        "DELETE",
        "/api/agents/{name}",
        agents.remove_agent,
        _MAY_MANAGE,
        "Remove an operator",
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "POST",
        "/api/agents/{name}/state",
        agents.set_state,
        DESK | FLOOR,
        "Set a state",
        agents.DutyWish,
        status=_DONE,
        errors=(_CONFLICT,),
    ),
    Route(
        "GET",
        "/api/queues",
        agents.list_queues,
        EVERYONE,
        "Queues and their lines",
        answer=shapes.QueueList,
        personal=False,
    ),
)

ROUTES = (*_HEALTH, *_PAGES, *ACCESS_ROUTES, *_DESK, *_FLOOR, *_CALLS, *FLOOR_ROUTES, *_CALLBACKS, *_AGENTS)
