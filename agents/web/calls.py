"""Calls: records of those that ended, views of those that live, and the hang-up."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from agents.desk.messages import call_content
from agents.errors import Fault, Invalid
from agents.ports import CallFilter
from agents.roles import Role
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import not_found
from agents.web.reading import number_in, time_in
from telephony.model.events import HangupRequested
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import AgentName, CallId
from telephony.model.roster import seats_of

MOST_RECORDS = 10_000


async def list_calls(request: web.Request) -> web.Response:
    """Records, newest first; an operator sees the calls that he or she answered."""
    parts, caller, query = parts_of(request), caller_of(request), request.query
    zone = ZoneInfo(parts.plan().timezone)
    outcome, agent = query.get("outcome"), query.get("agent")
    if outcome is not None and outcome not in set(Outcome):
        raise Invalid(Fault("outcome", f"must be one of {', '.join(Outcome)}"))
    if caller.role is Role.OPERATOR:
        agent = caller.user
    wanted = CallFilter(
        since=time_in(query, "since", zone),
        until=time_in(query, "until", zone),
        agent=None if agent is None else AgentName(agent),
        outcome=outcome,
        limit=number_in(query, "limit", default=1_000, most=MOST_RECORDS),
    )
    return answer({"calls": list(await parts.records.find(wanted))})


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
    return answer(found)


async def queue_log(request: web.Request) -> web.Response:
    """Asterisk's ``queue_log`` from *since* (else the last day) to before *until* (else now), as text."""
    parts, query = parts_of(request), request.query
    plan = parts.plan()
    zone = ZoneInfo(plan.timezone)
    until = time_in(query, "until", zone) or datetime.fromtimestamp(parts.centre.now(), zone)
    since = time_in(query, "since", zone) or until - timedelta(days=1)
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
