"""Cases: what is left to do for citizens, by when, and who hears of it (R11, R12)."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import Part, Slug

_LONGEST_S = 30 * 86_400
_DAY_S = 86_400.0

Term = Annotated[float, Field(gt=0, le=_LONGEST_S)]
"""Seconds, up to thirty days."""


class CaseKind(StrEnum):
    """What a case is about."""

    CITY_CALLBACK = "city_callback"
    COMPLAINT = "complaint"
    MESSAGE = "message"
    CALLBACK_FAILED = "callback_failed"
    DELIVERY_FAILED = "delivery_failed"


class EscalationStep(Part):
    """Who is told when a case is not done *after_s* seconds after it was opened."""

    after_s: Term
    title: str
    notify: Annotated[tuple[Slug, ...], Field(min_length=1)]


class CaseRule(Part):
    """The rule of one kind of case.

    *due_s* is the time there is to deal with it, where nobody says otherwise. *notify* names the contacts
    that get an e-mail at once, *escalation* those who get one later, step by step.
    """

    kind: CaseKind
    due_s: Term = _DAY_S
    notify: tuple[Slug, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()

    @model_validator(mode="after")
    def _later_steps_come_later(self) -> Self:
        if any(later.after_s <= before.after_s for before, later in pairwise(self.escalation)):
            raise ValueError("has steps of escalation that are not later than the one before")
        return self


class Cases(Part):
    """All rules. *details_in_mail*: whether e-mails say who called and why, besides number and deadline."""

    details_in_mail: bool = False
    rules: tuple[CaseRule, ...] = ()

    def rule(self, kind: CaseKind) -> CaseRule:
        """Return the rule of *kind*; a kind that has none has a day, and nobody is told."""
        return next((rule for rule in self.rules if rule.kind is kind), CaseRule(kind=kind))
