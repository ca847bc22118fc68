"""Callbacks that are open: who will be called, at which place, and taking one back."""

from zoneinfo import ZoneInfo

from aiohttp import web

from agents.desk.messages import call_content, callback_content
from agents.web.answers import answer, nothing
from agents.web.parts import parts_of
from agents.web.problems import not_found
from telephony.model.events import CancelRequested
from telephony.model.facts import EndedBy
from telephony.model.ids import CallId

_OF_THE_CALL = ("id", "state", "queue", "agent", "waiting_since")


async def list_callbacks(request: web.Request) -> web.Response:
    """Every open callback, in the order in which they were asked for."""
    parts = parts_of(request)
    zone = ZoneInfo(parts.plan().timezone)
    found = []
    for view in parts.centre.calls():
        if view.callback is not None:
            call = call_content(view, zone)
            found.append({name: call[name] for name in _OF_THE_CALL} | callback_content(view.callback, zone))
    return answer({"callbacks": sorted(found, key=lambda each: each["asked_at"])})


async def cancel_callback(request: web.Request) -> web.Response:
    """Take an open callback back; refused while they talk."""
    parts = parts_of(request)
    call = CallId(request.match_info["id"])
    view = parts.centre.call_view(call)
    if view is None or view.callback is None:
        raise not_found(f"open callback {call}")
    parts.centre.ask(CancelRequested(call, EndedBy.SUPERVISOR))
    return nothing()
