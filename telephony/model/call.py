"""One live call, as the model sees it."""

from dataclasses import dataclass, field

from config.schema import Menu
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, PlaybackId, QueueName
from telephony.model.states import CallState


@dataclass(slots=True)
class OfferInFlight:
    """The one offer that this call has at the moment.

    *withdrawn_as* is what the journal will call it once ``Dial()`` is back; *answered* notes an answer that
    came in the same instant as the withdrawal.
    """

    id: OfferId
    agent: AgentName
    made_at: Instant
    leg: LegId | None = None
    withdrawn_as: str | None = None
    answered: bool = False


@dataclass(slots=True)
class Verdict:
    """How the call ends, decided before the leg is gone."""

    outcome: Outcome
    ended_by: EndedBy
    reason: str | None = None


@dataclass(slots=True)
class Call:
    """A caller's leg and what the centre knows about it. Times are `Instant`."""

    id: CallId
    caller: str | None
    dialled: str
    arrived_at: Instant
    state: CallState
    state_since: Instant
    timer_serial: int = 0
    playback: PlaybackId | None = None
    music: bool = False
    # the menu
    menu: Menu | None = None
    menus_before: list[Menu] = field(default_factory=list)
    menu_path: list[str] = field(default_factory=list)
    attempts: int = 0
    typed_ahead: str | None = None
    # the line
    queue: QueueName | None = None
    priority: float = 0
    waiting_since: Instant | None = None
    tier: int = 0
    next_announcement: Instant | None = None
    refused_by: set[AgentName] = field(default_factory=set)
    last_agent: AgentName | None = None
    # the operator
    offer: OfferInFlight | None = None
    last_offer: OfferId | None = None
    agent: AgentName | None = None
    talking_since: Instant | None = None
    recording_paused: bool = False
    # the end
    verdict: Verdict | None = None
    recovered: bool = False
