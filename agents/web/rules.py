"""The table of addresses: who may use which. An address that is not here refuses everyone."""

from agents.roles import DESK, EVERYONE, FLOOR, Role
from agents.web import agents, calls, desk, health, session
from agents.web.agents import AgentChange, AgentWish, DutyWish
from agents.web.routes import PUBLIC, Route
from agents.web.session import Credentials

_MAY_MANAGE = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OPS})
_WITH_CITY = FLOOR | {Role.CITY}

ROUTES = (
    Route("GET", "/healthz", health.healthz, PUBLIC, "Whether the program is alive"),
    Route("GET", "/readyz", health.readyz, PUBLIC, "Whether calls can be taken, and what is missing"),
    Route("GET", "/metrics", health.metrics, PUBLIC, "Figures for Prometheus"),
    Route("GET", "/api/status", health.status, _WITH_CITY, "What runs, and how full the centre is"),
    Route("POST", "/api/session", session.sign_in, PUBLIC, "Sign in", Credentials),
    Route("GET", "/api/session", session.who_am_i, EVERYONE, "Who is signed in"),
    Route("DELETE", "/api/session", session.sign_out, EVERYONE, "Sign out"),
    Route("POST", "/api/desk/ticket", desk.ticket, DESK | FLOOR, "A one-time ticket for the desk"),
    # The ticket says who it is: a WebSocket can send nothing else.
    Route("GET", "/api/desk", desk.desk, PUBLIC, "The desk (WebSocket)"),
    Route("GET", "/api/calls", calls.list_calls, EVERYONE, "Records of calls that ended"),
    Route("GET", "/api/calls/live", calls.list_live_calls, _WITH_CITY, "Calls that are up now"),
    Route("GET", "/api/calls/{id}", calls.one_call, EVERYONE, "One call"),
    Route("GET", "/api/export/queue-log", calls.queue_log, FLOOR, "Asterisk's queue_log of a time"),
    Route("POST", "/api/calls/{id}/hangup", calls.hang_up, _MAY_MANAGE, "End a live call"),
    Route("GET", "/api/agents", agents.list_agents, EVERYONE, "Operators and what they are doing"),
    Route("POST", "/api/agents", agents.add_agent, _MAY_MANAGE, "Add an operator", AgentWish),
    Route("GET", "/api/agents/{name}", agents.one_agent, EVERYONE, "One operator"),
    Route("PATCH", "/api/agents/{name}", agents.change_agent, _MAY_MANAGE, "Change an operator", AgentChange),
    Route("DELETE", "/api/agents/{name}", agents.remove_agent, _MAY_MANAGE, "Remove an operator"),
    Route("POST", "/api/agents/{name}/state", agents.set_state, DESK | FLOOR, "Set a state", DutyWish),
    Route("GET", "/api/queues", agents.list_queues, EVERYONE, "Queues and their lines"),
)
