"""What a request names on the floor; a name that is none gets a sentence that says what there is."""

from collections.abc import Iterable
from difflib import get_close_matches

from aiohttp import web

from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem, not_found
from telephony.model.ids import CallId, QueueName
from telephony.views import CallView, QueueView

MOST_NAMED = 10


def live_call(request: web.Request) -> CallView:
    """Return the live call of the path. Raises `Problem` 404."""
    call = CallId(request.match_info["id"])
    view = parts_of(request).centre.call_view(call)
    if view is None:
        raise not_found(f"live call {call}")
    return view


def queue_of(parts: Parts, name: str) -> QueueView:
    """Return the queue. Raises `Problem` 404."""
    view = parts.centre.queue_view(QueueName(name))
    if view is None:
        raise no_such("queue", name, [each.name for each in parts.centre.queues()])
    return view


def no_such(kind: str, name: str, known: Iterable[str]) -> Problem:
    """Return the problem of a *name* that is none of the *known*: what was meant, or what there is."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    hint = f"the nearest name is {near[0]}" if near else f"there are {', '.join(names[:MOST_NAMED])}"
    return not_found(f"{kind} {name[:40]}; {hint}".rstrip("."))
