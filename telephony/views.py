"""What the running centre shows of itself: calls, operators and queues, as plain data.

The engine fills these from its model; screens, the HTTP interface and the command line read them. They must
never know how they are shown: no JSON, no formatting, no clock. Instants are seconds since 1970 UTC.
"""

from dataclasses import dataclass

from telephony.model.ids import AgentName, CallId, Instant, OfferId, QueueName
from telephony.model.measures.measure import Measure


@dataclass(frozen=True, slots=True)
class CallbackView:
    """What a live call is besides when it is a callback. *rests_until* is set while it is out of line."""

    number: str
    asked_by: CallId
    asked_from: str | None
    asked_at: Instant
    due_by: Instant
    attempts: int
    results: tuple[str, ...]
    rests_until: Instant | None
    position: int | None


@dataclass(frozen=True, slots=True)
class SupervisionView:
    """A supervisor who is on a call; *mode* is ``listen``, ``whisper``, ``barge`` or ``takeover``."""

    supervisor: AgentName
    mode: str
    since: Instant


@dataclass(frozen=True, slots=True)
class WaitingView:
    """How far somebody who stands in line has come.

    *tier* (0 is the best) of *tiers* operators may answer; the next ones from *tier_opens_at* on. *step* is
    the overflow step that was announced last, of *steps*; waiting alone brings the next at *step_comes_at*.
    *choices* are the titles of what its keys offer.
    """

    tier: int
    tiers: int
    tier_opens_at: Instant | None
    step: int | None
    steps: int
    step_comes_at: Instant | None
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsultationView:
    """Somebody whom the operator asked to join. *mode*: as for supervisors, or ``consult``."""

    operator: AgentName
    mode: str
    joined: bool


@dataclass(frozen=True, slots=True)
class CallView:
    """A live call.

    *caller* is E.164 or national digits, ``None`` when withheld; *waiting_since* is set from the moment the
    caller stands in line and stays set afterwards; *agent* is the operator who talks (or talked) to the
    caller, *offer* the offer that is open now; *line* is set while the call stands in line. *outreach* is set
    for an outreach call: its row in the list of those calls; *caller* is who is called, *agent* who dialled.
    """

    id: CallId
    caller: str | None
    dialled: str
    state: str
    queue: QueueName | None
    menu_path: tuple[str, ...]
    arrived_at: Instant
    waiting_since: Instant | None
    agent: AgentName | None
    offer: OfferId | None
    priority: float
    connected_at: Instant | None = None
    recording_paused: bool = False
    callback: CallbackView | None = None
    supervision: tuple[SupervisionView, ...] = ()
    line: WaitingView | None = None
    consultation: tuple[ConsultationView, ...] = ()
    outreach: int | None = None


@dataclass(frozen=True, slots=True)
class AgentView:
    """An operator of the roster.

    *since* is when *state* began; *reason* belongs to a pause; *call* is the one being offered, talked to or
    written up; *pending_pause* is the reason of a pause that starts after it; *acw_until* is when after-call
    work ends by itself.
    """

    name: AgentName
    title: str
    extension: str
    state: str
    reason: str | None
    since: Instant
    call: CallId | None
    pending_pause: str | None
    registered: bool
    acw_until: Instant | None


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue's line and the operators who may serve it now; *longest_wait_since* is its first caller's.

    *expected_wait_s* is the forecast for somebody who would join it now; None while nobody is at work.
    *measures* are what is changed for a while.
    """

    name: QueueName
    title: str
    waiting: int
    longest_wait_since: Instant | None
    ready: int
    talking: int
    paused: int
    expected_wait_s: float | None = None
    measures: tuple[Measure, ...] = ()
