"""What supervisors command on the floor besides people: waiting calls, and notices to all screens."""

from typing import Annotated, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import not_found
from agents.web.reading import body_of
from telephony.model.events import MoveRequested
from telephony.model.ids import CallId, QueueName


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


async def move(request: web.Request) -> web.Response:
    """Move a waiting call; the answer says where it stood, so that it can be moved back."""
    parts, call = parts_of(request), CallId(request.match_info["id"])
    wish = await body_of(request, MoveWish)
    view = parts.centre.call_view(call)
    if view is None:
        raise not_found(f"live call {call}")
    queue = None if wish.queue is None else QueueName(wish.queue)
    if queue is not None and parts.centre.queue_view(queue) is None:
        raise not_found(f"queue {queue}")
    parts.centre.ask(MoveRequested(call, queue, to_front=wish.first))
    return answer({"call": call, "queue": queue or view.queue, "from_queue": view.queue})


async def announce(request: web.Request) -> web.Response:
    """Show a notice on every screen that is open."""
    wish = await body_of(request, NoticeWish)
    parts_of(request).desk.announce(caller_of(request).user, wish.text)
    return nothing()
