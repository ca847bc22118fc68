"""Calls: records of those that ended, views of those that live, and the hang-up."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agents.desk.messages import call_content, for_operator
from agents.ports import CallFilter
from agents.roles import Role
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import not_found
from agents.web.reading import Limit, Moment, in_zone, query_of
from agents.writing import masked
from telephony.model.events import HangupRequested
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import AgentName, CallId
from telephony.model.roster import seats_of


class Times(BaseModel):
    """From *since* to before *until*; a bound that is left out does not limit."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = None
    until: Moment | None = None


class CallsQuery(Times):
    """Which records."""

    agent: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")] | None = None
    outcome: Outcome | None = None
    limit: Limit = 1_000


async def list_calls(request: web.Request) -> web.Response:
    """Records, newest first; an operator sees the calls that he or she answered.

    In a list the city sees no whole number: that is in the one record, whose reading the audit trail names.
    """
    parts, caller = parts_of(request), caller_of(request)
    query = query_of(request, CallsQuery)
    zone = ZoneInfo(parts.plan().timezone)
    agent = caller.user if caller.role is Role.OPERATOR else query.agent
    wanted = CallFilter(
        since=in_zone(query.since, zone),
        until=in_zone(query.until, zone),
        agent=None if agent is None else AgentName(agent),
        outcome=query.outcome,
        limit=query.limit,
    )
    found = await parts.records.find(wanted)
    if caller.role is Role.CITY:
        found = [{**record, "caller": masked(record["caller"])} for record in found]
    return answer({"calls": list(found)})


async def list_live_calls(request: web.Request) -> web.Response:
    """The calls that are up now."""
    parts = parts_of(request)
    zone = ZoneInfo(parts.plan().timezone)
    return answer({"calls": [call_content(view, zone) for view in parts.centre.calls()]})


async def one_call(request: web.Request) -> web.Response:
    """One call: its view while it lives (``live`` is true), then its record with its timeline."""
    parts, caller = parts_of(request), caller_of(request)
    call = CallId(request.match_info["id"])
    view = parts.centre.call_view(call)
    if view is not None:
        found = call_content(view, ZoneInfo(parts.plan().timezone)) | {"live": True}
    else:
        record = await parts.records.one(call)
        if record is None:
            raise not_found(f"call {call}")
        found = {**record, "live": False}
    if caller.role is Role.OPERATOR and found.get("agent") != caller.user:
        raise not_found(f"call {call}")
    if caller.role is Role.OPERATOR and view is not None:
        found = for_operator(found, parts.plan())
    return answer(found)


async def queue_log(request: web.Request) -> web.Response:
    """Asterisk's ``queue_log`` from *since* (else the last day) to before *until* (else now), as text."""
    parts, query = parts_of(request), query_of(request, Times)
    plan = parts.plan()
    zone = ZoneInfo(plan.timezone)
    until = in_zone(query.until, zone) or datetime.fromtimestamp(parts.centre.now(), zone)
    since = in_zone(query.since, zone) or until - timedelta(days=1)
    queues_of = {
        AgentName(agent.name): [queue for queue, _ in seats_of(agent, plan.queues)]
        for agent in parts.roster.agents
    }
    lines = await parts.records.queue_log(since, until, queues_of)
    return web.Response(text="".join(f"{line}\n" for line in lines))


async def hang_up(request: web.Request) -> web.Response:
    """End a live call."""
    parts = parts_of(request)
    call = CallId(request.match_info["id"])
    if parts.centre.call_view(call) is None:
        raise not_found(f"live call {call}")
    parts.centre.ask(HangupRequested(call, EndedBy.SUPERVISOR))
    return nothing()
