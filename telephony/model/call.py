"""One live call, as the model sees it."""

from dataclasses import dataclass, field
from enum import StrEnum

from config.schema import Guide, Menu
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import (
    AgentName,
    CallId,
    Instant,
    LegId,
    OfferId,
    PlaybackId,
    QueueName,
    SupervisionId,
)
from telephony.model.outreach.shape import Outreach
from telephony.model.promise import Asking, Promise
from telephony.model.self_booking import SelfService
from telephony.model.states import CallState
from telephony.model.transferring.target import Transfer


@dataclass(slots=True)
class OfferInFlight:
    """The one offer that this call has at the moment.

    *dialled_at* is when Asterisk invited the phone. *withdrawn_as* is what the journal will call it once
    ``Dial()`` is back; *answered* notes an answer that came in the same instant as the withdrawal.
    """

    id: OfferId
    agent: AgentName
    made_at: Instant
    leg: LegId | None = None
    dialled_at: Instant | None = None
    withdrawn_as: str | None = None
    answered: bool = False


@dataclass(slots=True)
class Verdict:
    """How the call ends, decided before the leg is gone. *at*: when it did, if that is learnt late."""

    outcome: Outcome
    ended_by: EndedBy
    reason: str | None = None
    at: Instant | None = None


@dataclass(slots=True)
class Told:
    """The expected wait that a caller was told last, and what it rested on."""

    minutes: int
    ahead: int
    operators: int


class Listening(StrEnum):
    """What somebody hears who listens to guidance."""

    QUESTION = "question"
    GUIDE = "guide"
    AFTERWARDS = "afterwards"


class MessagePart(StrEnum):
    """Where a voice message stands."""

    INSTRUCTIONS = "instructions"
    RECORDING = "recording"
    REVIEW = "review"


@dataclass(slots=True)
class VoiceMessage:
    """A message being left. *seconds* is set once something was said, *stopped* once we ended it."""

    name: str
    part: MessagePart = MessagePart.INSTRUCTIONS
    tries: int = 0
    began_at: Instant | None = None
    stopped: bool = False
    seconds: float | None = None


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
    answer_again: bool = False
    """Whether Asterisk could not be asked if it answered."""

    follow_again: bool = False
    """Whether Asterisk did not take the order to tell of this call outside of our hands, too."""

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
    step: int | None = None
    told: Told | None = None
    forecast: tuple[Instant, float] | None = None
    # guidance and message
    listening: Listening = Listening.QUESTION
    listen_until: Instant | None = None
    guide: Guide | None = None
    guided: bool = False
    message: VoiceMessage | None = None
    self_service: SelfService | None = None
    last_agent: AgentName | None = None
    # the operator
    offer: OfferInFlight | None = None
    last_offer: OfferId | None = None
    agent: AgentName | None = None
    talking_since: Instant | None = None
    recorded: bool = True
    """Whether the last offer said so, where the plan wants recordings."""

    recording_paused: bool = False
    held_for: SupervisionId | None = None
    """The consultation for which the caller is on hold, and the recording silent."""

    served: bool = False
    """Somebody has talked with the caller: whatever happens later, the call counts as answered."""

    # a transfer
    transfer: Transfer | None = None
    referral: str | None = None
    referral_leg: LegId | None = None
    # callbacks
    asking: Asking | None = None
    promise: Promise | None = None
    """Set for a callback: this call is the promise."""

    outreach: Outreach | None = None
    """Set for an outreach call."""

    leg: LegId | None = None
    """The operator's leg of the moment, of a call that we place; a caller's leg has the call's own id."""

    # the end
    verdict: Verdict | None = None
    recovered: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether the centre places it, on a leg of the operator's: a callback or an outreach call."""
        return self.promise is not None or self.outreach is not None
