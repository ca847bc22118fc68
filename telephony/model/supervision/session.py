"""One supervisor on one call: who hears whom, and the one leg that it takes."""

import re
from dataclasses import dataclass
from enum import StrEnum

from telephony.model.ids import AgentName, CallId, Instant, LegId, SupervisionId

SUPERVISION = "sv-"
"""How the id of a supervision begins."""

_LEG = re.compile(rf"({SUPERVISION}[0-9]+)~([0-9]+)~(.+)", re.ASCII)


class Mode(StrEnum):
    """Who hears whom."""

    LISTEN = "listen"
    """The supervisor hears both and nobody hears the supervisor."""

    WHISPER = "whisper"
    """The supervisor hears both, and the operator alone hears the supervisor."""

    BARGE = "barge"
    """All three hear each other."""

    TAKEOVER = "takeover"
    """The supervisor talks with the caller, and the operator is let go."""

    CONSULT = "consult"
    """Operator and supervisor hear each other, and the caller waits with music. By invitation only."""


class Phase(StrEnum):
    """Where a supervision stands."""

    RINGING = "ringing"
    """The supervisor's own phone rings."""

    HEARING = "hearing"
    TAKING = "taking"
    """The caller is being moved from the operator to the supervisor."""

    TALKING = "talking"
    """Taken over: the supervisor is the call's operator now."""

    LEAVING = "leaving"
    """Over; the supervisor's leg is on its way out."""


@dataclass(slots=True)
class Supervision:
    """One supervisor on one call. *heard_since* is set from the moment the phone was picked up."""

    id: SupervisionId
    call: CallId
    supervisor: AgentName
    mode: Mode
    leg: LegId
    phase: Phase = Phase.RINGING
    heard_since: Instant | None = None
    invited_by: AgentName | None = None
    """The operator of the call, if it is somebody whom that operator asked to join."""


@dataclass(frozen=True, slots=True)
class SupervisorLeg:
    """What the id of a supervisor's leg says."""

    supervision: SupervisionId
    extension: str
    call: CallId


def supervisor_leg(supervision: SupervisionId, extension: str, call: CallId) -> LegId:
    """Return the id of the leg that rings *extension*; known before the leg is made."""
    return LegId(f"{supervision}~{extension}~{call}")


def read_supervisor_leg(leg: str) -> SupervisorLeg | None:
    """Return what a leg's id says, or None for a leg that is no supervisor's."""
    found = _LEG.fullmatch(leg)
    return None if found is None else SupervisorLeg(SupervisionId(found[1]), found[2], CallId(found[3]))
