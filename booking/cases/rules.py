"""Who may do what with which case, and what may follow what. Data, and questions to it; pure."""

from collections.abc import Mapping
from enum import StrEnum

from agents.roles import DESK, FLOOR, Role
from booking.shapes import Actor
from config.schema.cases import CaseKind


class CaseState(StrEnum):
    """How far it is."""

    OPEN = "open"
    SEEN = "seen"
    DONE = "done"


STATES_AFTER: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.SEEN, CaseState.DONE}),
    CaseState.SEEN: frozenset({CaseState.OPEN, CaseState.DONE}),
    CaseState.DONE: frozenset({CaseState.OPEN}),
}
"""Which state may follow which. What was called done too soon is opened again."""

ON_BEHALF_OF_CITY = frozenset({Role.MANAGER, Role.OPS})
"""Those who may note what the city said on the telephone; with a note that says so."""

MAY_SET_STATE: Mapping[CaseKind, frozenset[Role]] = {
    CaseKind.CITY_CALLBACK: frozenset({Role.CITY}) | ON_BEHALF_OF_CITY,
    CaseKind.COMPLAINT: FLOOR,
    CaseKind.MESSAGE: DESK | FLOOR,
    CaseKind.CALLBACK_FAILED: DESK | FLOOR,
    CaseKind.DELIVERY_FAILED: DESK | FLOOR,
}
"""Whose work a case is: the city calls back, the contractor answers for complaints (R11, R12)."""

WAITS_FOR_CITY = frozenset({CaseKind.CITY_CALLBACK})
OF_THE_CITY = (CaseKind.CITY_CALLBACK, CaseKind.COMPLAINT)
"""What the city's own view shows: what it has to do, and what must be reported to it at once."""

OF_EVERY_OPERATOR = (CaseKind.MESSAGE, CaseKind.CALLBACK_FAILED, CaseKind.DELIVERY_FAILED)
"""Work that no operator began; of other kinds an operator sees the own cases only."""


def sees_all(actor: Actor) -> bool:
    """Return whether every case is shown to them; operators see their own and those of everybody."""
    return actor.role is not Role.OPERATOR


def may_see(actor: Actor, kind: str, opened_by: str | None) -> bool:
    """Return whether a case is shown to them."""
    return sees_all(actor) or kind in OF_EVERY_OPERATOR or opened_by == actor.user


def may_edit(actor: Actor, opened_by: str | None) -> bool:
    """Return whether they may correct what a case says."""
    return actor.role in FLOOR or opened_by == actor.user


def waits_for(kind: CaseKind, state: CaseState) -> str | None:
    """Return who has to act next: ``city``, ``centre``, or None when it is done."""
    if state is CaseState.DONE:
        return None
    return "city" if kind in WAITS_FOR_CITY else "centre"
