"""One's own account: the password, and the second factor."""

from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from agents.password_rules import LONGEST
from agents.sessions import Session
from agents.web.answers import answer, nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of
from telephony.model.ids import AgentName

Password = Annotated[str, Field(min_length=1, max_length=LONGEST, repr=False)]
Code = Annotated[str, Field(min_length=1, max_length=20)]


class PasswordChange(BaseModel):
    """The present password and the wanted one."""

    model_config = ConfigDict(extra="forbid")

    present: Password
    new: Password


class EnrolmentWish(BaseModel):
    """The password again, and a code of the authenticator that is enrolled already."""

    model_config = ConfigDict(extra="forbid")

    password: Password
    totp: Code | None = None


class Confirmation(BaseModel):
    """The first code of the new authenticator."""

    model_config = ConfigDict(extra="forbid")

    totp: Code


async def change_password(request: web.Request) -> web.Response:
    """Change one's own password; other sessions of the same person end."""
    parts = parts_of(request)
    session = _session(request)
    wish = await body_of(request, PasswordChange)
    await parts.accounts.choose_password(AgentName(session.user), wish.present, wish.new)
    await parts.sessions.end_all_of(session.user, but=session.id)
    await parts.sockets.close_user(session.user, but=session.id)
    return nothing()


async def begin_enrolment(request: web.Request) -> web.Response:
    """Return a new authenticator's secret; it counts once a code of it was confirmed."""
    parts = parts_of(request)
    session = _session(request)
    wish = await body_of(request, EnrolmentWish)
    enrolment = await parts.accounts.begin_enrolment(AgentName(session.user), wish.password, wish.totp)
    return answer({"secret": enrolment.secret, "uri": enrolment.uri}, HTTPStatus.CREATED)


async def confirm_enrolment(request: web.Request) -> web.Response:
    """Take the first code; the recovery codes are in this answer and nowhere else."""
    parts = parts_of(request)
    session = _session(request)
    wish = await body_of(request, Confirmation)
    codes = await parts.accounts.confirm_enrolment(AgentName(session.user), wish.totp)
    return answer({"recovery_codes": codes}, HTTPStatus.CREATED)


def _session(request: web.Request) -> Session:
    session = caller_of(request).session
    if session is None:
        raise Problem(HTTPStatus.CONFLICT, "no-session", "The command line has no account of its own.")
    return session
