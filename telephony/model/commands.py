"""What is to be done, in the imperative. The model's only output.

Four kinds: to Asterisk (``CallCommand``), to the clock (timers), to the desk (``DeskCommand``), and to
the journal (``Record``). Carrying one out may fail; then an event says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telephony.model.events import Event, Timer
from telephony.model.ids import (
    AgentName,
    CallId,
    Instant,
    LegId,
    MeasureId,
    OfferId,
    PlaybackId,
    QueueName,
    SoundId,
)
from telephony.model.outreach.shape import Result
from telephony.model.self_booking import Question


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do."""


# --- Asterisk ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallCommand(Command):
    """Something to do with one call. Commands of one call are carried out in order."""

    call: CallId

    @property
    def binding(self) -> bool:
        """Whether it may happen only when everything recorded before is durable."""
        return False

    @property
    def done(self) -> Event | None:
        """What has happened once it was carried out, if nothing else tells of it."""
        return None


@dataclass(frozen=True, slots=True)
class Follow(CallCommand):
    """Hear of this leg's end wherever it is then, also in the dialplan. Comes before everything else."""


@dataclass(frozen=True, slots=True)
class Answer(CallCommand):
    """Answer the caller's leg."""


@dataclass(frozen=True, slots=True)
class Play(CallCommand):
    """Play *sounds* one after another; one ``PlaybackEnded`` follows for all.

    *recorded* names a voice message that is played before them. *promises*: binding words.
    """

    playback: PlaybackId
    sounds: tuple[SoundId, ...]
    recorded: str | None = None
    promises: bool = False

    @property
    def binding(self) -> bool:
        """A promise is given when it cannot be forgotten any more."""
        return self.promises


@dataclass(frozen=True, slots=True)
class StopPlaying(CallCommand):
    """Stop this playback at once."""

    playback: PlaybackId


@dataclass(frozen=True, slots=True)
class StartMusic(CallCommand):
    """Music on hold, so that the caller never waits in silence.

    *after_words*: when what plays has ended, which Asterisk sees to, whoever lives then. Otherwise at once.
    """

    after_words: bool = False


@dataclass(frozen=True, slots=True)
class StopMusic(CallCommand):
    """End music on hold."""


@dataclass(frozen=True, slots=True)
class RecordMessage(CallCommand):
    """Record what the caller says; ``MessageRecorded`` follows.

    It ends after *limit_s*, after *silence_s* of silence, or with `StopMessage`. A message of that name that
    was there is replaced.
    """

    name: str
    limit_s: float
    silence_s: float


@dataclass(frozen=True, slots=True)
class StopMessage(CallCommand):
    """The message ends here; ``MessageRecorded`` follows."""

    name: str


@dataclass(frozen=True, slots=True)
class DiscardMessage(CallCommand):
    """Delete the message: nobody will hear it."""

    name: str


@dataclass(frozen=True, slots=True)
class Offer(CallCommand):
    """Continue the caller into ``[offer]``, where ``Dial()`` rings *extension* for *ring_s* seconds."""

    offer: OfferId
    agent: AgentName
    extension: str
    ring_s: int
    record: bool


@dataclass(frozen=True, slots=True)
class WithdrawOffer(CallCommand):
    """Stop ringing the operator; the caller then comes back with ``OfferReturned``.

    *leg* is ``None`` while the operator's leg is not known yet; it is then hung up when it appears.
    """

    offer: OfferId
    leg: LegId | None


@dataclass(frozen=True, slots=True)
class PauseRecording(CallCommand):
    """Write silence instead of both voices."""


@dataclass(frozen=True, slots=True)
class ResumeRecording(CallCommand):
    """Write both voices again."""


@dataclass(frozen=True, slots=True)
class HangUp(CallCommand):
    """End the caller's leg, or *leg* of a call that we place, with this Q.850 cause; an event follows."""

    cause: int = 16
    leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class CallOperator(CallCommand):
    """Make *leg* and let it ring *extension* for *ring_s* seconds, for a call of ours to *number*.

    *day* is the directory of the recording. Nothing but *number* (E.164) can ever be dialled from this leg.
    *asked_for*: it is a callback, and who picks up hears so first.
    """

    offer: OfferId
    leg: LegId
    agent: AgentName
    extension: str
    ring_s: int
    number: str
    day: str
    asked_for: bool = True


@dataclass(frozen=True, slots=True)
class CallCitizen(CallCommand):
    """Continue the operator's *leg* to where ``Dial()`` rings *number* through *trunk*.

    *number* and *shown* (the caller id) are E.164.
    """

    offer: OfferId
    leg: LegId
    number: str
    trunk: str
    shown: str
    ring_s: int
    record: bool

    @property
    def binding(self) -> bool:
        """No phone rings for an attempt that could be forgotten and made again."""
        return True


# --- time --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ArmTimer(Command):
    """Fire once at *due*; replaces the owner's timer. *owner* is a call, an operator or a measure."""

    owner: CallId | AgentName | MeasureId
    timer: Timer
    serial: int
    due: Instant


@dataclass(frozen=True, slots=True)
class CancelTimer(Command):
    """The owner needs no timer any more."""

    owner: CallId | AgentName | MeasureId


# --- the desk ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskCommand(Command):
    """Something that people at their screens must see."""


@dataclass(frozen=True, slots=True)
class ShowOffer(DeskCommand):
    """Pop the screen: this call is offered to this operator. Exactly one ``EndOffer`` follows."""

    agent: AgentName
    offer: OfferId
    call: CallId


@dataclass(frozen=True, slots=True)
class EndOffer(DeskCommand):
    """The offer is over.

    *result* is one of ``answered``, ``rna``, ``rejected``, ``busy``, ``unreachable``, ``withdrawn`` and
    ``caller-left``.
    """

    agent: AgentName
    offer: OfferId
    call: CallId
    result: str


@dataclass(frozen=True, slots=True)
class ShowOutreach(DeskCommand):
    """The outreach call *row*, dialled by this operator, has reached nobody: *result* says why."""

    agent: AgentName
    call: CallId
    row: int
    result: Result


@dataclass(frozen=True, slots=True)
class ShowAgent(DeskCommand):
    """The operator's state changed."""

    agent: AgentName


@dataclass(frozen=True, slots=True)
class ShowCall(DeskCommand):
    """The call's state changed."""

    call: CallId


@dataclass(frozen=True, slots=True)
class ShowQueue(DeskCommand):
    """The queue's line changed."""

    queue: QueueName


# --- the rest of the house -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Errand(Command):
    """Something for another part of the house, on behalf of *call*. No call waits for it."""

    call: CallId


@dataclass(frozen=True, slots=True)
class TakeUpNumber(Errand):
    """The number that was left in *call* is a promise now (*callback*), or a *case* that a person decides.

    To be written down behind the number once everything recorded so far is durable: then nobody takes it up
    again.
    """

    callback: CallId | None
    case: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AskBooking(Errand):
    """A question of the dialogue by keypad; ``BookingAnswered`` with its *number* follows."""

    number: int
    question: Question


@dataclass(frozen=True, slots=True)
class ForgetBooking(Errand):
    """The dialogue is over: give back the seat that is still kept for this call."""


# --- the journal ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record(Command):
    """Write down a fact. *stream* is ``call:<id>``, ``agent:<name>`` or ``queue:<name>``; the journal counts.

    *kind* is dotted (``call.arrived``); the kinds and their data are listed in ``telephony.model.facts``.
    """

    stream: str
    at: Instant
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
