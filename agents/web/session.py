"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agents.devices import KEPT_S, cookie_suffix
from agents.people import Person
from agents.sessions import LONGEST_S, Session
from agents.signing_in import Knock
from agents.web.answers import answer, nothing
from agents.web.auditing import About, note_about
from agents.web.identity import caller_of, cookie_name
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of
from agents.web.source import source_of
from telephony.model.ids import AgentName


class Credentials(BaseModel):
    """User and password; *totp* is an authenticator's or a recovery code where the account has one."""

    model_config = ConfigDict(extra="forbid")

    user: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=200, repr=False)]
    totp: Annotated[str | None, Field(max_length=20, repr=False)] = None


async def sign_in(request: web.Request) -> web.Response:
    """Begin a session: the cookie, and the token that every write must send back."""
    parts = parts_of(request)
    wanted = await body_of(request, Credentials)
    _note(request, parts, wanted.user)
    device_cookie = cookie_name(parts, f"madoguchi-device-{cookie_suffix(wanted.user)}")
    knock = Knock(
        wanted.user,
        wanted.password,
        source_of(request),
        wanted.totp,
        request.cookies.get(device_cookie, ""),
    )
    person = await parts.door.sign_in(knock)
    token, session = parts.sessions.begin(person.name)
    response = answer(_about(person, session), HTTPStatus.CREATED)
    _set_cookie(response, parts, cookie_name(parts), token, LONGEST_S)
    _set_cookie(response, parts, device_cookie, parts.devices.issue(person.name), KEPT_S)
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
    await parts.sessions.end(caller.session)
    await parts.sockets.close_session(caller.session.id)
    response = nothing()
    response.del_cookie(cookie_name(parts), path="/", secure=parts.secure, httponly=True, samesite="Strict")
    return response


def _note(request: web.Request, parts: Parts, user: str) -> None:
    """Note whose door it is. A name that nobody has may be a password typed into the wrong field."""
    person = parts.roster.people.get(AgentName(user))
    if person is not None:
        note_about(request, About(who=person.name, role=person.role, object=f"accounts/{person.name}"))


def _set_cookie(response: web.Response, parts: Parts, name: str, value: str, kept_s: float) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(kept_s),
        httponly=True,
        samesite="Strict",
        secure=parts.secure,
        path="/",
    )


def _about(person: Person, session: Session) -> dict[str, Any]:
    return {
        "user": person.name,
        "title": person.title,
        "role": person.role,
        "csrf_token": session.csrf,
        "missing": person.missing,
    }
