"""The shapes of answers, for ``/api/openapi.json``; the same tests that call the routes hold answers to them.

Objects may get more members in a later version; what stands here stays. Times are ISO 8601 with offset,
durations seconds.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from agents.roles import Role


class Shape(BaseModel):
    """An object of an answer."""

    model_config = ConfigDict(extra="allow")


class FieldFault(Shape):
    """A field at fault."""

    field: str
    detail: str


class ProblemShape(Shape):
    """An error (RFC 9457). *code* is stable and for programs, *detail* one sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldFault] | None = None


class Alive(Shape):
    """The program answers."""

    status: Literal["alive"]


class Readiness(Shape):
    """Whether calls can be taken, and what is missing."""

    ready: bool
    missing: list[str]


class AlertShape(Shape):
    """Something that operations staff must look at; *runbook* names the page that says what to do.

    *acknowledged_by* has said to look after it.
    """

    key: str
    severity: Literal["warning", "critical"]
    text: str
    runbook: str
    opened_at: datetime
    closed_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None


class Status(Shape):
    """What runs, and how full the centre is."""

    version: str
    role: str
    calls: dict[str, int]
    agents: dict[str, int]
    alerts: list[AlertShape]


class SessionShape(Shape):
    """Who is signed in. Before anything else is allowed, what *missing* names must be done."""

    user: str
    title: str
    role: Role
    csrf_token: str
    missing: list[Literal["change-password", "enrol-totp"]]


class WhoShape(Shape):
    """Who asks; the command line has no session, and so no more than this."""

    user: str
    role: Role
    csrf_token: str | None = None
    missing: list[str] | None = None


class EnrolmentShape(Shape):
    """What an authenticator needs; *uri* is what its QR code holds."""

    secret: str
    uri: str


class RecoveryCodes(Shape):
    """Codes for a lost authenticator, each good once; shown only now."""

    recovery_codes: list[str]


class AccountShape(Shape):
    """Somebody who may sign in. *password* is there only when it was made just now."""

    name: str
    title: str
    role: Role
    phone: str | None
    disabled: bool
    must_change_password: bool
    second_factor: bool
    password: str | None = None


class AccountList(Shape):
    """Everybody who may sign in."""

    accounts: list[AccountShape]


class TicketShape(Shape):
    """A ticket that opens one WebSocket."""

    ticket: str
    expires_in_s: float


class PhoneShape(Shape):
    """What one's own browser phone registers with; *ha1* is RFC 7616's, for *realm*."""

    extension: str
    realm: str
    ha1: str
    websocket: str


class OfferResult(Shape):
    """One operator who was offered the call."""

    agent: str
    at: datetime
    result: str | None


class RecordingShape(Shape):
    """The sound file; checksum and length are there when it was measured."""

    file: str
    sha256: str | None
    seconds: float | None


class CallRecordShape(Shape):
    """The record of a call that ended."""

    id: str
    sip_call_id: str | None
    caller: str | None
    dialled: str | None
    started_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    ended_by: str | None
    reason: str | None
    queue: str | None
    menu_path: list[str]
    agent: str | None
    waited_s: float | None
    talked_s: float | None
    held_s: float | None
    acw_s: float | None
    offers: list[OfferResult]
    disposition: str | None
    recording: RecordingShape | None
    reservations: list[str]
    recovered: bool
    direction: Literal["inbound", "outbound"]
    callback: str | None
    callback_of: str | None
    attempts: int
    outreach: int | None


class CallList(Shape):
    """Records, newest first."""

    calls: list[CallRecordShape]


class CallbackShape(Shape):
    """What a live call is besides when it is a callback."""

    number: str
    number_written: str
    asked_by: str
    asked_from: str | None
    asked_at: datetime
    due_by: datetime
    attempts: int
    results: list[str]
    rests_until: datetime | None
    position: int | None


class OpenCallback(CallbackShape):
    """A callback that is open."""

    id: str
    state: str
    queue: str | None
    agent: str | None
    waiting_since: datetime | None


class CallbackList(Shape):
    """Open callbacks, in the order in which they were asked for."""

    callbacks: list[OpenCallback]


class SupervisionShape(Shape):
    """A supervisor who is on a call."""

    supervisor: str
    mode: Literal["listen", "whisper", "barge", "takeover"]
    since: datetime


class LineShape(Shape):
    """How far somebody who stands in line has come; tiers and overflow steps count from 0."""

    tier: int
    tiers: int
    tier_opens_at: datetime | None
    step: int | None
    steps: int
    step_comes_at: datetime | None
    choices: list[str]


class ConsultationShape(Shape):
    """Somebody whom the operator asked to join the call."""

    operator: str
    mode: Literal["consult", "advise", "conference", "complete"]
    joined: bool


class LiveCallShape(Shape):
    """A call that is up."""

    id: str
    state: str
    caller: str | None
    caller_written: str
    withheld: bool
    dialled: str
    queue: str | None
    menu_path: list[str]
    arrived_at: datetime
    waiting_since: datetime | None
    connected_at: datetime | None
    agent: str | None
    offer: str | None
    priority: float
    recording_paused: bool
    callback: CallbackShape | None
    supervision: list[SupervisionShape]
    line: LineShape | None
    consultation: list[ConsultationShape]
    outreach: int | None


class LiveCallList(Shape):
    """Calls that are up now."""

    calls: list[LiveCallShape]


class Moved(Shape):
    """A waiting call that was moved, and the queue in which it stood before."""

    call: str
    queue: str | None
    from_queue: str | None


class LegShape(Shape):
    """One talk of a call: an operator's or, *outside*, that of a place on the referral list."""

    who: str
    outside: bool
    why: Literal["queue", "transfer", "returned", "takeover"]
    since: datetime
    until: datetime | None


class Given(Shape):
    """A waiting call that rings at an operator's phone now."""

    call: str
    agent: str


class Undone(Shape):
    """What was taken back."""

    undone: str


class CommandShape(Shape):
    """A command of the floor: its route, how it is typed, and whether it can be taken back for a moment."""

    name: str
    title: str
    method: str
    path: str
    typed: str
    undo: bool


class CommandList(Shape):
    """The commands that whoever asks may give."""

    commands: list[CommandShape]


class OneCall(Shape):
    """A call: as it lives (*live*), else its record with its *legs* and its *timeline*."""

    id: str
    live: bool
    legs: list[LegShape] | None = None
    timeline: list[dict[str, Any]] | None = None


class AgentShape(Shape):
    """Somebody who answers; *state* and what follows from it are there once the engine knows the person."""

    name: str
    title: str
    extension: str
    level: str
    role: Role
    skills: dict[str, int]
    state: str | None = None
    reason: str | None = None
    since: datetime | None = None
    call: str | None = None
    registered: bool | None = None


class EnteredAgent(AgentShape):
    """Somebody entered or changed, with the passwords that were made new; they are shown only now."""

    password: str | None = None
    sip_password: str | None = None


class AgentList(Shape):
    """Everybody who answers."""

    agents: list[AgentShape]


class TierShape(Shape):
    """From *after_s* seconds of waiting, operators with at least *min_weight* may answer."""

    after_s: float
    min_weight: int


class MeasureShape(Shape):
    """What is changed about a queue for a while; *waiting* belongs to a limit, *tiers* to tiers."""

    kind: Literal["pause", "limit", "tiers"]
    since: datetime
    until: datetime
    by: str
    waiting: int | None
    tiers: list[TierShape]


class QueueShape(Shape):
    """A queue with its line."""

    name: str
    title: str
    waiting: int
    longest_wait_since: datetime | None
    ready: int
    talking: int
    paused: int
    expected_wait_s: float | None
    measures: list[MeasureShape]


class QueueList(Shape):
    """Every queue."""

    queues: list[QueueShape]


class TallyShape(Shape):
    """Calls of some time that have ended, by what they count as; rates in percent, null without calls."""

    reached: int
    offered: int
    answered: int
    abandoned: int
    short_abandoned: int
    by_voice: int
    outside: int
    called_back: int
    queued: int
    in_time: int
    longest_wait_s: float | None
    answer_speed_s: float | None
    answer_rate: float | None
    service_level: float | None
    may_be_lost: int


class CallbackCounts(Shape):
    """Callbacks that are promised and not reached yet, and how many of them are past their time."""

    promised: int
    overdue: int


class FiguresShape(Shape):
    """What the centre is judged by, as of *as_of*; *definitions* says what each figure means."""

    as_of: datetime
    goal: float
    today: TallyShape
    month: TallyShape
    undelivered: int
    callbacks: CallbackCounts
    definitions: dict[str, str]


class AuditRow(Shape):
    """One link of the audit trail; *hash* covers it and the link before."""

    seq: int
    id: str
    at: datetime
    who: str
    role: str
    what: str
    object: str
    source: str
    result: str
    detail: dict[str, Any]
    hash: str


class AuditList(Shape):
    """Links of the audit trail, newest first."""

    entries: list[AuditRow]


class AuditVerdict(Shape):
    """What a check of the whole chain found."""

    whole: bool
    rows: int
    broken_at: int | None
    problem: str | None
    head: str
    waiting: int
