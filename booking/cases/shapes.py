"""The shapes of answers about cases, for ``/api/openapi.json``."""

from datetime import datetime
from typing import Any, Literal

from agents.web.shapes import RecordingShape, Shape
from booking.cases.rules import CaseState
from config.schema.cases import CaseKind


class CaseStep(Shape):
    """One line of a case's history; *changes* is {field: [before, after]}."""

    at: datetime
    by: str
    state: CaseState | None
    note: str | None
    changes: dict[str, Any]


class CaseMail(Shape):
    """What became of one e-mail about the case."""

    reason: Literal["opened", "escalated"]
    state: Literal["pending", "sent", "skipped", "failed"]
    tries: int
    recipients: list[str]
    problem: str | None
    created_at: datetime
    sent_at: datetime | None


class CaseShape(Shape):
    """What is left to do for a citizen. *waits_for*: who acts next. *version* goes back with a change."""

    number: str
    kind: CaseKind
    kind_title: str
    call: str | None
    caller: str | None
    caller_written: str
    state: CaseState
    state_title: str
    waits_for: Literal["city", "centre"] | None
    opened_at: datetime
    opened_by: str | None
    due_at: datetime | None
    overdue: bool
    escalated: int
    summary: str
    details: dict[str, Any]
    recording: RecordingShape | None
    version: int
    history: list[CaseStep] | None = None
    mails: list[CaseMail] | None = None


class CaseList(Shape):
    """Cases, newest first."""

    cases: list[CaseShape]
