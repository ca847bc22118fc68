"""Taking a command back: the header that carries the token, and ``POST /api/undo``."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agents.undoing import GOOD_FOR_S
from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of

UNDO = "Madoguchi-Undo"
"""Header of an answer: the token that takes the command back."""


class UndoWish(BaseModel):
    """Which command to take back: one's own last one, if no token is named."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=40)] | None = None


def undoable(
    request: web.Request, response: web.Response, what: str, deed: Callable[[], Awaitable[None]]
) -> web.Response:
    """Let *response* say how *what* was done can be taken back."""
    response.headers[UNDO] = parts_of(request).undoing.keep(caller_of(request).user, what, deed)
    return response


async def undo(request: web.Request) -> web.Response:
    """Take a command back; refused when it is too late, or the floor has moved on since."""
    wish = await body_of(request, UndoWish)
    found = parts_of(request).undoing.take(caller_of(request).user, wish.token)
    if found is None:
        detail = (
            f"There is nothing to undo; your commands can be taken back for {GOOD_FOR_S:.0f} seconds, once."
        )
        raise Problem(HTTPStatus.CONFLICT, "too-late", detail)
    await found.deed()
    return answer({"undone": found.what})
