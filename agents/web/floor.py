"""What supervisors do with waiting calls, and notices to all screens."""

from functools import partial
from typing import Annotated, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agents.errors import Fault, Invalid
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.named import live_call, no_such, queue_of
from agents.web.parts import Parts, parts_of
from agents.web.problems import not_found
from agents.web.reading import body_of
from agents.web.undo import undoable
from telephony.model.events import GiveRequested, MoveRequested, RemoveRequested
from telephony.model.ids import AgentName


class MoveWish(BaseModel):
    """Where a waiting call goes: to another queue, with its waiting time, or to the front of its own."""

    model_config = ConfigDict(extra="forbid")

    queue: Annotated[str, Field(max_length=40)] | None = None
    first: bool = False

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.queue is None and not self.first:
            raise ValueError("needs a queue, or first")
        return self


class NoticeWish(BaseModel):
    """What everybody is to read now."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$"
        ),
    ]


class GiveWish(BaseModel):
    """To whom a waiting call goes: to oneself, if nobody is named.

    *even_away*: also somebody who is on a break or signed out, with a telephone that is free; oneself always.
    """

    model_config = ConfigDict(extra="forbid")

    to: Annotated[str, Field(max_length=40)] | None = None
    even_away: bool = False


class RemoveWish(BaseModel):
    """The prompt that a caller hears who is let go."""

    model_config = ConfigDict(extra="forbid")

    message: Annotated[str, Field(max_length=40)] = "sorry-closing"


async def move(request: web.Request) -> web.Response:
    """Move a waiting call; the answer says where it stood."""
    parts, view = parts_of(request), live_call(request)
    wish = await body_of(request, MoveWish)
    queue = None if wish.queue is None else queue_of(parts, wish.queue).name
    parts.centre.ask(MoveRequested(view.id, queue, to_front=wish.first))
    response = answer({"call": view.id, "queue": queue or view.queue, "from_queue": view.queue})
    if view.queue is None:
        return response
    back = MoveRequested(view.id, view.queue, priority=view.priority)
    return undoable(request, response, f"move of call {view.id}", partial(_move_back, parts, back))


async def _move_back(parts: Parts, back: MoveRequested) -> None:
    if parts.centre.call_view(back.call) is None:
        raise not_found(f"live call {back.call}")
    parts.centre.ask(back)


async def give(request: web.Request) -> web.Response:
    """Let somebody's phone ring for a waiting call now, whoever's turn it is."""
    parts, view, caller = parts_of(request), live_call(request), caller_of(request)
    wish = await body_of(request, GiveWish)
    to = AgentName(wish.to or caller.user)
    if parts.centre.agent_view(to) is None:
        raise no_such("agent", to, [agent.name for agent in parts.centre.agents()])
    parts.centre.ask(GiveRequested(view.id, to, even_away=wish.even_away or to == caller.user))
    return answer({"call": view.id, "agent": to})


async def remove(request: web.Request) -> web.Response:
    """Let a waiting caller go, after an announcement."""
    parts, view = parts_of(request), live_call(request)
    wish = await body_of(request, RemoveWish)
    if not parts.centre.sayable(wish.message):
        fault = Fault("message", f"names {wish.message!r}, which is no prompt that can be said as it is")
        raise Invalid(fault)
    parts.centre.ask(RemoveRequested(view.id, wish.message))
    return nothing()


async def announce(request: web.Request) -> web.Response:
    """Show a notice on every screen that is open."""
    wish = await body_of(request, NoticeWish)
    parts_of(request).desk.announce(caller_of(request).user, wish.text)
    return nothing()
