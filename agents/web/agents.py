"""Operators: who is on the roster and what each is doing; adding, changing, removing, and their state."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from agents.desk.messages import agent_content, queue_content
from agents.duty import Duty, duty_event
from agents.errors import Fault, Invalid
from agents.people import Person
from agents.roles import DESK, FLOOR
from agents.roster import Entered
from agents.web.accounts import send_away
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of
from agents.web.undo import undoable
from config.schema import Agent
from telephony.model.events import AgentEvent
from telephony.model.ids import AgentName
from telephony.views import AgentView

# `agents.checking` judges these, so that all faults are named at once; this is what it takes.
Extension = Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{2,5}$"})]
Level = Annotated[Any, WithJsonSchema({"type": "string", "description": "A level of centre.toml."})]
Weights = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 10}}
Skills = Annotated[Any, WithJsonSchema({**Weights, "description": "Weights by skills of centre.toml."})]
AgentRole = Annotated[Any, WithJsonSchema({"type": "string", "enum": sorted(DESK)})]
AgentTitle = Annotated[Any, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 60})]
AgentNamed = Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"})]


class AgentWish(BaseModel):
    """Somebody to add. Values are checked against ``centre.toml`` too."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"additionalProperties": False, "required": ["name", "extension", "level"]},
    )

    name: AgentNamed = None
    title: AgentTitle = None
    extension: Extension = None
    level: Level = None
    skills: Skills = None
    role: AgentRole = None


class AgentChange(BaseModel):
    """What to change; a field that is left out stays as it is."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    title: AgentTitle = None
    extension: Extension = None
    level: Level = None
    skills: Skills = None
    role: AgentRole = None
    new_password: bool = False
    new_sip_password: bool = False


class DutyWish(BaseModel):
    """The state to set; a pause needs a reason from ``centre.toml``."""

    model_config = ConfigDict(extra="forbid")

    state: Duty
    reason: Annotated[str, Field(max_length=40)] | None = None


async def list_agents(request: web.Request) -> web.Response:
    """Everybody on the roster with what they are doing."""
    parts = parts_of(request)
    people = parts.roster.people.values()
    return answer({"agents": [_content(parts, person) for person in people if person.agent is not None]})


async def one_agent(request: web.Request) -> web.Response:
    """One person."""
    parts = parts_of(request)
    parts.roster.answering(_named(request))
    return answer(_content(parts, parts.roster.person(_named(request))))


async def add_agent(request: web.Request) -> web.Response:
    """Enter somebody; the generated passwords are in this answer and nowhere else."""
    parts = parts_of(request)
    wish = (await body_of(request, AgentWish)).model_dump(exclude_unset=True)
    wish.setdefault("title", wish.get("name"))
    entered = await parts.roster.add(wish)
    return answer(_entered(parts, entered), HTTPStatus.CREATED)


async def change_agent(request: web.Request) -> web.Response:
    """Change somebody. A new password or another role signs the person out everywhere."""
    parts, name = parts_of(request), _named(request)
    change = await body_of(request, AgentChange)
    wish = change.model_dump(exclude_unset=True, exclude={"new_password", "new_sip_password"})
    if wish.get("name", name) != name:
        raise Invalid(Fault("name", "cannot be changed: records name this person"))
    before = parts.roster.answering(name)
    role_before = parts.roster.person(name).role
    entered = await parts.roster.change(
        name, wish, new_login=change.new_password, new_sip=change.new_sip_password
    )
    if entered.password is not None or entered.person.role is not role_before:
        await send_away(parts, name)
    response = answer(_entered(parts, entered))
    if not wish or entered.password is not None or entered.sip_password is not None:
        return response
    earlier = {field: value for field, value in before.model_dump().items() if field in wish}
    deed = partial(_change_back, parts, name, entered.person.agent, earlier)
    return undoable(request, response, f"change of {name}", deed)


async def _change_back(parts: Parts, name: AgentName, left: Agent | None, earlier: Mapping[str, Any]) -> None:
    if parts.roster.answering(name) != left:
        raise Problem(HTTPStatus.CONFLICT, "not-now", f"{name} was changed again since.")
    await parts.roster.change(name, earlier)


async def remove_agent(request: web.Request) -> web.Response:
    """Take somebody off the roster; a present call is finished first."""
    parts, name = parts_of(request), _named(request)
    await parts.roster.remove(name)
    await send_away(parts, name)
    return nothing()


async def set_state(request: web.Request) -> web.Response:
    """Set what somebody is doing; operators only their own state."""
    parts, caller, name = parts_of(request), caller_of(request), _named(request)
    if caller.role not in FLOOR and caller.user != name:
        raise Problem(HTTPStatus.FORBIDDEN, "not-allowed", "You may set your own state only.")
    parts.roster.answering(name)
    wish = await body_of(request, DutyWish)
    reasons = [reason.name for reason in parts.plan().pause_reasons]
    if wish.state is Duty.PAUSED and wish.reason not in reasons:
        raise Invalid(Fault("reason", f"must be one of {', '.join(reasons)}"))
    before = parts.centre.agent_view(name)
    parts.centre.ask(duty_event(name, wish.state, wish.reason or ""))
    earlier = None if before is None or wish.state == before.state else _duty_of(before)
    if earlier is None:
        return nothing()
    return undoable(request, nothing(), f"state of {name}", partial(_back_to, parts, earlier))


def _duty_of(view: AgentView) -> AgentEvent | None:
    """Return what puts somebody back to what they were doing, unless calls put them there."""
    duties = {Duty.READY.value, Duty.PAUSED.value, Duty.LOGGED_OUT.value}
    return duty_event(view.name, Duty(view.state), view.reason or "") if view.state in duties else None


async def _back_to(parts: Parts, earlier: AgentEvent) -> None:
    parts.centre.ask(earlier)


async def list_queues(request: web.Request) -> web.Response:
    """Every queue with its line."""
    parts = parts_of(request)
    zone = ZoneInfo(parts.plan().timezone)
    return answer({"queues": [queue_content(view, zone) for view in parts.centre.queues()]})


def _named(request: web.Request) -> AgentName:
    return AgentName(request.match_info["name"])


def _content(parts: Parts, person: Person) -> dict[str, Any]:
    view = parts.centre.agent_view(person.name)
    live = {} if view is None else agent_content(view, ZoneInfo(parts.plan().timezone))
    return live | person.public()


def _entered(parts: Parts, entered: Entered) -> dict[str, Any]:
    content = _content(parts, entered.person)
    if entered.password is not None:
        content["password"] = entered.password
    if entered.sip_password is not None:
        content["sip_password"] = entered.sip_password
    return content
