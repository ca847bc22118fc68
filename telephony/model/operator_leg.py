"""Legs that we make to operators' own phones, for callbacks and outreach calls: their names say what for."""

import re
from dataclasses import dataclass
from enum import StrEnum

from telephony.model.ids import AgentName, CallId, LegId, OfferId
from telephony.model.outreach.shape import OUTREACH
from telephony.model.promise import CALLBACK

_LEG = re.compile(rf"((?:{CALLBACK}|{OUTREACH})[0-9]+)~([0-9]+)~([0-9]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OperatorLeg:
    """What the id of such a leg says."""

    call: CallId
    offer: OfferId
    extension: str


def operator_leg(call: CallId, offer: OfferId, extension: str) -> LegId:
    """Return the id of the leg that rings *extension* for *offer*; known before the leg is made."""
    return LegId(f"{call}~{offer}~{extension}")


def read_operator_leg(leg: str) -> OperatorLeg | None:
    """Return what a leg's id says, or None for a leg that we did not make to an operator."""
    found = _LEG.fullmatch(leg)
    return None if found is None else OperatorLeg(CallId(found[1]), OfferId(found[2]), found[3])


class Phase(StrEnum):
    """What such a leg is doing in Asterisk."""

    MADE = "made"
    """Exists and was never dialled."""

    RINGS = "rings"
    ANSWERED = "answered"
    """The operator has accepted; the other phone was not rung yet."""

    CALLING = "calling"
    TALKING = "talking"
    BACK = "back"
    """The other leg is over, the operator's is with us again."""


BEFORE_DIALLING = frozenset({Phase.RINGS, Phase.ANSWERED})
"""The operator may be let go without anybody outside noticing."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """A leg that outlived the controller: whose, for which offer, and what it is doing."""

    agent: AgentName | None
    offer: OfferId
    leg: LegId
    phase: Phase


_BUSY, _NO_ANSWER, _REJECTED = 17, 19, 21
_RESULTS = {_BUSY: "busy", _NO_ANSWER: "rna", _REJECTED: "rejected"}


def result_of_offer(cause: int, *, rang: bool) -> str:
    """Return what the journal calls it that nobody answered such a leg, from its end's Q.850 cause."""
    return _RESULTS.get(cause, "rejected" if rang else "unreachable")
