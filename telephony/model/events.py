"""What happened, in the past tense. The model's only input, besides the time.

Events are facts: the model may find one late or pointless, never wrong. Those about a call name it;
those about an offer name the offer, so that a late answer can never be taken for a fresh one.
"""

from dataclasses import dataclass
from enum import StrEnum

from config.schema import Agent, Centre
from telephony.model.call import Told
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, PlaybackId, QueueName
from telephony.model.operator_leg import InFlight
from telephony.model.rulings import Override
from telephony.model.self_booking import Answer


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""


# --- calls -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallEvent(Event):
    """Something that happened to one call."""

    call: CallId


@dataclass(frozen=True, slots=True)
class CallArrived(CallEvent):
    """A caller's leg entered ``Stasis``; it is not answered yet.

    *caller* is E.164 or national digits, ``None`` when withheld. *dialled* is E.164, or the raw
    text (cleaned) when it is no number. *created* is when the leg was made: long before, if the call came
    while no controller was there.
    """

    caller: str | None
    dialled: str
    sip_call_id: str
    created: Instant | None = None


@dataclass(frozen=True, slots=True)
class CallRecovered(CallEvent):
    """A caller whom Asterisk kept while no controller lived; with what journal and legs say.

    *offer* and *agent* are set while the caller is in ``Dial()``, *talking_since* when somebody answered,
    *sip_call_id* when the journal never saw the call arrive; *connected_known* tells whether the journal
    knows of the conversation already, *greeted* whether greeting and recording notice were heard.
    *told* is the expected wait the caller heard last, *message_since* when
    the voice message began that the caller was leaving.
    """

    caller: str | None
    dialled: str
    sip_call_id: str | None
    arrived_at: Instant
    queue: QueueName | None
    priority: float
    waiting_since: Instant | None
    menu_path: tuple[str, ...]
    agent: AgentName | None
    offer: OfferId | None
    leg: LegId | None
    talking_since: Instant | None
    connected_known: bool
    greeted: bool
    told: Told | None = None
    message_since: Instant | None = None
    promised: bool = False
    """A callback was promised in this call, which only has to hear so."""

    served: bool = False
    """Somebody has talked with the caller before, perhaps ahead of a transfer."""

    taken_from: AgentName | None = None
    """The operator from whom the caller was transferred while no controller lived; whither is not known."""

    referral: str | None = None
    """The place on the referral list that rings or talks (with *offer*, and without *agent*)."""

    recording_paused: bool = False
    """The operator keeps what is said out of the recording."""


class DialStatus(StrEnum):
    """How ``Dial()`` ended (Asterisk: Dial application, DIALSTATUS)."""

    ANSWER = "ANSWER"
    NOANSWER = "NOANSWER"
    BUSY = "BUSY"
    CONGESTION = "CONGESTION"
    CHANUNAVAIL = "CHANUNAVAIL"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class OfferDialled(CallEvent):
    """Asterisk invited the operator's phone; it may not ring yet."""

    offer: OfferId
    leg: LegId


@dataclass(frozen=True, slots=True)
class NotedDial:
    """What the dialplan noted of one ``Dial()`` to somebody outside, also while no controller lived.

    *answered_at* is None as long as nobody has picked up; *ended_at* and *status* are None as long as it goes
    on, and for ever if Asterisk died before its end. *by_operator*: whose phone hung up first.
    """

    answered_at: Instant | None = None
    ended_at: Instant | None = None
    status: DialStatus | None = None
    by_operator: bool = False

    @property
    def talk_began_at(self) -> Instant | None:
        """When both were connected, None if nobody has picked up."""
        if self.answered_at is None and self.status is DialStatus.ANSWER:
            return self.ended_at
        return self.answered_at


@dataclass(frozen=True, slots=True)
class OfferRang(CallEvent):
    """The operator's leg exists and rings."""

    offer: OfferId
    leg: LegId


@dataclass(frozen=True, slots=True)
class OfferAnswered(CallEvent):
    """The operator picked up; Asterisk has bridged both."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class OfferReturned(CallEvent):
    """The caller came back from ``Dial()``: nobody answered, or the operator hung up after talking."""

    offer: OfferId
    status: DialStatus


@dataclass(frozen=True, slots=True)
class PlaybackEnded(CallEvent):
    """The last sound of this playback ended or was stopped, or could not be played at all."""

    playback: PlaybackId
    heard: bool


@dataclass(frozen=True, slots=True)
class KeyPressed(CallEvent):
    """The caller pressed a key (RFC 4733)."""

    key: str


@dataclass(frozen=True, slots=True)
class MessageRecorded(CallEvent):
    """The recording of a voice message ended after *seconds*; in *spoken_s* of them something was heard."""

    name: str
    seconds: float
    spoken_s: float


@dataclass(frozen=True, slots=True)
class BookingAnswered(CallEvent):
    """The booking answers question number *question* of this call."""

    question: int
    answer: Answer


UNSEEN = -1
"""No cause, not even Asterisk's 0 (which it gives for callers who leave while a phone rings): when we looked
again the leg was gone, and nobody knows since when or why."""


@dataclass(frozen=True, slots=True)
class CallerLeft(CallEvent):
    """The caller's leg is gone. *cause* is the Q.850 cause code, or `UNSEEN`.

    *served* is set when the operator of that offer, having talked to the caller, hung up first.
    """

    cause: int
    served: OfferId | None = None


@dataclass(frozen=True, slots=True)
class CommandRefused(CallEvent):
    """Asterisk refused a command for this call and will not do it; *unsure*: or cannot be asked if it did."""

    command: str
    reason: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class HoldChanged(CallEvent):
    """The operator's phone put the caller on hold, or took them back."""

    held: bool


class Timer(StrEnum):
    """What a timer is for. Every live call has one, and so has a measure, and after-call work."""

    GREETING = "greeting"
    KEY = "key"
    WAIT = "wait"
    GUIDANCE = "guidance"
    MESSAGE = "message"
    SELF_SERVICE = "self-service"
    RING = "ring"
    TALK = "talk"
    CLOSING = "closing"
    TRANSFER = "transfer"
    AFTER_CALL = "after-call"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class CallTimerFired(CallEvent):
    """The call's timer came due. *serial* tells it from those armed before and after."""

    timer: Timer
    serial: int


# --- callbacks ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorLeft(CallEvent):
    """The operator's leg that we made is gone: not answered, hung up, or ended by us. *cause*: Q.850."""

    offer: OfferId
    cause: int


@dataclass(frozen=True, slots=True)
class CitizenRang(CallEvent):
    """The leg of the citizen (or of an outreach call's target) exists and rings."""

    offer: OfferId
    leg: LegId
    sip_call_id: str


@dataclass(frozen=True, slots=True)
class CitizenAnswered(CallEvent):
    """The citizen picked up; Asterisk bridges both. *at*: when that was, if it is learnt late."""

    offer: OfferId
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class CitizenReturned(CallEvent):
    """``Dial()`` is over and the operator's leg is back: nobody answered, or the citizen hung up."""

    offer: OfferId
    status: DialStatus


@dataclass(frozen=True, slots=True)
class MachineHeard(CallEvent):
    """The operator says that an answering machine took the call."""


@dataclass(frozen=True, slots=True)
class CancelRequested(CallEvent):
    """Somebody takes a callback back; *by* is ``agent``, ``supervisor`` or ``system``."""

    by: str


@dataclass(frozen=True, slots=True)
class CallbackRecovered(CallEvent):
    """A promise of an earlier controller; with what the journal says of it, and its leg if it has one.

    *rests_until* and *until_opening* as in ``Promise``; *open_attempt* says that the last attempt was begun
    and its result is not known, *results* how those before ended. *priority* is None for one that had gone to
    the head of its queue, *reached_at* is when the citizen was connected. *done* and *reason* are those of a
    callback that was over but for its last fact. *offer* and *agent* are those of the last attempt, *noted*
    is what the dialplan knows of it, None once its end is known.
    """

    number: str
    asked_by: CallId
    asked_from: str | None
    asked_at: Instant
    dialled: str
    queue: QueueName
    priority: float | None
    since: Instant
    due_by: Instant
    attempts: int
    results: tuple[str, ...]
    rests_until: Instant | None
    until_opening: bool
    open_attempt: bool
    reached_at: Instant | None
    done: str | None
    reason: str | None
    in_flight: InFlight | None
    offer: OfferId | None = None
    agent: AgentName | None = None
    noted: NotedDial | None = None


@dataclass(frozen=True, slots=True)
class NumberLeft(Event):
    """A caller whom no controller served left *number* with the rescue, *at* this instant, in this *call*.

    *caller* is who called (None: withheld or not known). *queue*, *priority* and *since* are the place in
    line as far as the journal knew one; else *since* is when the call came.
    """

    call: CallId
    number: str
    caller: str | None
    dialled: str
    at: Instant
    since: Instant
    queue: QueueName | None = None
    priority: float | None = None


# --- operators ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgentEvent(Event):
    """Something that an operator did, or that happened to the operator or the phone."""

    agent: AgentName


@dataclass(frozen=True, slots=True)
class AgentReadied(AgentEvent):
    """Ready for calls: signs in, ends a break, ends after-call work, or comes back from not responding."""


@dataclass(frozen=True, slots=True)
class AgentPaused(AgentEvent):
    """Wants to be away; at once, or when the present call and its after-call work are over."""

    reason: str


@dataclass(frozen=True, slots=True)
class AgentLoggedOut(AgentEvent):
    """Signed out; a present call goes on, and nothing follows it."""


@dataclass(frozen=True, slots=True)
class AfterCallRequested(AgentEvent):
    """Wants after-call work after this call whatever the setting, or (after the call) more of it."""


@dataclass(frozen=True, slots=True)
class OfferRejected(AgentEvent):
    """Turned down this one offer."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class Disposed(AgentEvent):
    """Wrote down how the call went."""

    call: CallId
    disposition: str


@dataclass(frozen=True, slots=True)
class PhoneChanged(AgentEvent):
    """The operator's phone registered or went away, or is busy with something that is not ours."""

    registered: bool
    in_use: bool = False


@dataclass(frozen=True, slots=True)
class AgentTimerFired(AgentEvent):
    """The operator's timer came due."""

    timer: Timer
    serial: int


# --- supervisors and operations ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordingPaused(CallEvent):
    """The operator keeps the next words out of the recording."""


@dataclass(frozen=True, slots=True)
class RecordingResumed(CallEvent):
    """The recording goes on."""


@dataclass(frozen=True, slots=True)
class HangupRequested(CallEvent):
    """Somebody of ours ends the call; *by* is ``agent``, ``supervisor`` or ``system``."""

    by: str


@dataclass(frozen=True, slots=True)
class MoveRequested(CallEvent):
    """A supervisor moves a waiting call: to another queue, or to the front of its own.

    *priority* is the one it gets; None: what the move makes of it. With it a move is taken back.
    """

    queue: QueueName | None = None
    to_front: bool = False
    priority: float | None = None


@dataclass(frozen=True, slots=True)
class GiveRequested(CallEvent):
    """A supervisor gives a waiting call to *agent*. *even_away*: who asks for it need not be ready."""

    agent: AgentName
    even_away: bool = False


@dataclass(frozen=True, slots=True)
class RemoveRequested(CallEvent):
    """A supervisor lets a waiting caller go, after the prompt *message*."""

    message: str


@dataclass(frozen=True, slots=True)
class PlanChanged(Event):
    """Operations published another ``centre.toml``."""

    plan: Centre


@dataclass(frozen=True, slots=True)
class OverridesChanged(Event):
    """Something was opened or closed ad hoc, or taken back; *overrides* is all that holds, oldest first."""

    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class EmergencyChanged(Event):
    """The disaster mode was switched on with *message*, or off (None)."""

    message: str | None


@dataclass(frozen=True, slots=True)
class SpaceChanged(Event):
    """The disk has become too full for recordings (*scarce*), or has room again."""

    scarce: bool


@dataclass(frozen=True, slots=True)
class RosterChanged(Event):
    """Operators were added, changed or removed; *agents* is the whole roster."""

    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class CallerRemembered(CallEvent):
    """History arrived: who served this caller last (for the sticky operator)."""

    last_agent: AgentName | None
