"""Supervisors on operators' calls: who may hear whom is decided here, never at a phone (ADR 21)."""

from http import HTTPStatus
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agents.errors import Fault, Invalid
from agents.roles import Role
from agents.web.answers import nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import Problem, not_found
from agents.web.reading import body_of, query_of
from telephony.model.ids import AgentName, CallId
from telephony.model.supervision.events import SupervisionEnded, SupervisionRequested
from telephony.model.supervision.session import Mode

HEARS = frozenset({Role.SUPERVISOR, Role.MANAGER})
"""Those who may hear a call that is not their own."""

Unasked = Literal[Mode.LISTEN, Mode.WHISPER, Mode.BARGE, Mode.TAKEOVER]
"""How somebody may be on a call whom its operator did not ask to join."""

Who = Annotated[str | None, Field(max_length=40)]


class SupervisionWish(BaseModel):
    """How to be on the call; *supervisor* is whose phone rings, oneself when it is left out."""

    model_config = ConfigDict(extra="forbid")

    mode: Unasked
    supervisor: Who = None


class WhoLeaves(BaseModel):
    """Who leaves the call; oneself when it is left out."""

    model_config = ConfigDict(extra="forbid")

    supervisor: Who = None


async def supervise(request: web.Request) -> web.Response:
    """Ring the supervisor's phone, or change the mode in place."""
    parts, call = parts_of(request), CallId(request.match_info["id"])
    wish = await body_of(request, SupervisionWish)
    who = _supervisor(request, wish.supervisor)
    if parts.centre.call_view(call) is None:
        raise not_found(f"live call {call}")
    parts.centre.ask(SupervisionRequested(call, who, wish.mode))
    return nothing()


async def leave(request: web.Request) -> web.Response:
    """Let the supervisor's phone go; the call goes on."""
    who = _supervisor(request, query_of(request, WhoLeaves).supervisor)
    parts_of(request).centre.ask(SupervisionEnded(CallId(request.match_info["id"]), who))
    return nothing()


def _supervisor(request: web.Request, named: str | None) -> AgentName:
    """Return whose phone it is about. Raises `Problem` 403 or `Invalid`."""
    caller = caller_of(request)
    name = named or caller.user
    if caller.role is Role.SUPERVISOR and name != caller.user:
        raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", "You may be on a call with your own phone only.")
    person = parts_of(request).roster.people.get(AgentName(name))
    if person is None or person.role not in HEARS or person.agent is None or person.credentials.disabled:
        raise Invalid(Fault("supervisor", f"must be a supervisor or manager with a phone; {name} is none"))
    return person.name
