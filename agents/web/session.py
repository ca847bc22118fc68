"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agents.people import Person
from agents.sessions import LONGEST_S, Session
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of, cookie_name
from agents.web.parts import parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of
from telephony.model.ids import AgentName


class Credentials(BaseModel):
    """User and password. *totp* is looked at for accounts that have a second factor; so far none has."""

    model_config = ConfigDict(extra="forbid")

    user: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    totp: Annotated[str, Field(max_length=10)] | None = None


async def sign_in(request: web.Request) -> web.Response:
    """Begin a session: the cookie, and the token that every write must send back."""
    parts = parts_of(request)
    wanted = await body_of(request, Credentials)
    person = await parts.door.sign_in(wanted.user, wanted.password, request.remote or "")
    token, session = parts.sessions.begin(person.name)
    response = answer(_about(person, session), HTTPStatus.CREATED)
    response.set_cookie(
        cookie_name(parts),
        token,
        max_age=int(LONGEST_S),
        httponly=True,
        samesite="Strict",
        secure=parts.secure,
        path="/",
    )
    return response


async def who_am_i(request: web.Request) -> web.Response:
    """Say who is signed in; a reloaded page gets its token again here."""
    parts, caller = parts_of(request), caller_of(request)
    if caller.session is None:
        return answer({"user": caller.user, "role": caller.role})
    return answer(_about(parts.roster.person(AgentName(caller.user)), caller.session))


async def sign_out(request: web.Request) -> web.Response:
    """End the session and close its desk."""
    parts, caller = parts_of(request), caller_of(request)
    if caller.session is None:
        raise Problem(HTTPStatus.CONFLICT, "no-session", "The command line has no session to end.")
    parts.sessions.end(caller.session)
    await parts.sockets.close_session(caller.session.id)
    response = nothing()
    response.del_cookie(cookie_name(parts), path="/", secure=parts.secure, httponly=True, samesite="Strict")
    return response


def _about(person: Person, session: Session) -> dict[str, str]:
    return {
        "user": person.name,
        "title": person.agent.title,
        "role": person.role,
        "csrf_token": session.csrf,
    }
