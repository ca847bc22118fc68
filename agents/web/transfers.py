"""Transfers over HTTP: an operator sends the own call on, the floor's people any that is talked on."""

from typing import Annotated, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from agents.consulting import Joining, invitation
from agents.roles import Role
from agents.web.answers import nothing
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import not_found
from agents.web.reading import body_of, query_of
from telephony.model.facts import EndedBy
from telephony.model.ids import AgentName, CallId
from telephony.model.supervision.events import SupervisionEnded
from telephony.model.transferring.events import TransferRequested
from telephony.model.transferring.target import Kind, Target
from telephony.views import CallView

Name = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TransferTo(BaseModel):
    """To whom: exactly one of a person of ours, a queue, and a place of the referral list, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operator: Name | None = None
    queue: Name | None = None
    referral: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.named()) != 1:
            raise ValueError("needs exactly one of operator, queue and referral")
        return self

    def named(self) -> list[Target]:
        """Return every target that is named."""
        return [Target(kind, name) for kind in Kind if (name := getattr(self, kind.value)) is not None]


class Consultation(BaseModel):
    """Whom of ours to have join the call, and what for."""

    model_config = ConfigDict(extra="forbid")

    operator: Name
    mode: Joining = Joining.CONSULT


class WhoLeaves(BaseModel):
    """Whom to let go."""

    model_config = ConfigDict(extra="forbid")

    operator: Name


async def transfer(request: web.Request) -> web.Response:
    """Send a call on; an operator that of which he or she is the operator."""
    view = _call(request)
    (target,) = (await body_of(request, TransferTo)).named()
    own = view.agent == caller_of(request).user
    by = EndedBy.AGENT if own else EndedBy.SUPERVISOR
    parts_of(request).centre.ask(TransferRequested(view.id, target, by))
    return nothing()


async def consult(request: web.Request) -> web.Response:
    """Have somebody join the call, or change in place what for."""
    view, centre = _call(request), parts_of(request).centre
    wish = await body_of(request, Consultation)
    if view.agent is None:
        raise not_found(f"talk on call {view.id}")
    centre.ask(invitation(view.id, wish.operator, wish.mode, view.agent))
    return nothing()


async def dismiss(request: web.Request) -> web.Response:
    """Let go somebody who was asked to join; the call goes on."""
    view, who = _call(request), query_of(request, WhoLeaves).operator
    if all(each.operator != who for each in view.consultation):
        raise not_found(f"{who} on call {view.id}")
    parts_of(request).centre.ask(SupervisionEnded(view.id, AgentName(who)))
    return nothing()


def _call(request: web.Request) -> CallView:
    """Return the live call that is asked about. Raises `Problem` 404, also when it is another operator's."""
    call, caller = CallId(request.match_info["id"]), caller_of(request)
    view = parts_of(request).centre.call_view(call)
    if view is None or (caller.role is Role.OPERATOR and view.agent != caller.user):
        raise not_found(f"live call {call}")
    return view
