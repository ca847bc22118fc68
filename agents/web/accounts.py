"""Everybody's accounts, for operations staff: made, disabled, new passwords, second factors reset."""

from http import HTTPStatus
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agents.people import Person
from agents.roles import Role
from agents.web.answers import answer
from agents.web.auditing import About, note_about
from agents.web.identity import caller_of
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of
from telephony.model.events import AgentLoggedOut
from telephony.model.ids import AgentName

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class AccountWish(BaseModel):
    """An account without a phone; people with a phone are added as agents."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    title: Title | None = None
    role: Role


class AccountChange(BaseModel):
    """What to change; a field that is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    role: Role | None = None
    disabled: bool | None = None
    new_password: bool = False
    reset_second_factor: bool = False


async def list_accounts(request: web.Request) -> web.Response:
    """Everybody who may sign in."""
    people = parts_of(request).roster.people.values()
    return answer({"accounts": [_content(person) for person in people]})


async def one_account(request: web.Request) -> web.Response:
    """One account."""
    return answer(_content(parts_of(request).roster.person(_named(request))))


async def add_account(request: web.Request) -> web.Response:
    """Make an account; its first password is in this answer and nowhere else."""
    parts = parts_of(request)
    wish = await body_of(request, AccountWish)
    note_about(request, _about(request, f"accounts/{wish.name}"))
    person, password = await parts.accounts.enter(wish.name, wish.title or wish.name, wish.role)
    return answer(_content(person) | {"password": password}, HTTPStatus.CREATED)


async def change_account(request: web.Request) -> web.Response:
    """Change an account. Whatever takes rights away signs the person out everywhere, at once."""
    parts, name = parts_of(request), _named(request)
    wish = await body_of(request, AccountChange)
    if wish.disabled and name == caller_of(request).user:
        raise Problem(HTTPStatus.CONFLICT, "own-account", "You cannot disable your own account.")
    parts.roster.person(name)
    if wish.title is not None or wish.role is not None:
        await parts.accounts.describe(name, wish.title, wish.role)
    if wish.disabled is not None:
        await _disable(parts, name, disabled=wish.disabled)
    if wish.reset_second_factor:
        await parts.accounts.reset_second_factor(name)
    password = await parts.accounts.renew_password(name) if wish.new_password else None
    if wish.role is not None or wish.reset_second_factor or password is not None:
        await send_away(parts, name)
    made = {} if password is None else {"password": password}
    return answer(_content(parts.roster.person(name)) | made)


async def _disable(parts: Parts, name: AgentName, *, disabled: bool) -> None:
    await parts.accounts.disable(name, disabled=disabled)
    if disabled:
        await send_away(parts, name)
        if parts.centre.agent_view(name) is not None:
            parts.centre.submit(AgentLoggedOut(name))


async def send_away(parts: Parts, name: AgentName) -> None:
    """End every session of somebody, and close the desks."""
    await parts.sessions.end_all_of(name)
    await parts.sockets.close_user(name)


def _named(request: web.Request) -> AgentName:
    return AgentName(request.match_info["name"])


def _about(request: web.Request, made: str) -> About:
    caller = caller_of(request)
    return About(caller.user, caller.role, made)


def _content(person: Person) -> dict[str, Any]:
    credentials = person.credentials
    return {
        "name": person.name,
        "title": person.title,
        "role": person.role,
        "phone": None if person.agent is None else person.agent.extension,
        "disabled": credentials.disabled,
        "must_change_password": credentials.must_change,
        "second_factor": credentials.totp_confirmed,
    }
