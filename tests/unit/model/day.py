"""A random day in a small centre: the real model against a switch, callers and operators of chance.

The switch here is strict: it raises `Impossible` for an order that Asterisk would refuse (an offer for a
caller who is not in Stasis, a second answer, words for a caller in ``Dial()``). After every event the
promises of the model are checked (`promises`). One seed is one day, so a failing day replays.
"""

import heapq
import random
from dataclasses import dataclass, field
from itertools import count

from config.schema import Agent, AtClosing, Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.centre import Centre as Model
from telephony.model.errors import ModelError
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, PlaybackId, QueueName
from telephony.model.promise import is_callback
from telephony.model.rulings import Override
from telephony.model.transferring.commands import CallReferral, TakeFromOperator
from telephony.model.transferring.events import CallerTransferred
from tests.unit.model.day_callbacks import CallbackSwitch, Impossible
from tests.unit.model.day_consulting import ConsultingSwitch, is_supervision, wish_to_consult
from tests.unit.model.day_transfers import dial_outside, take_from_operator, transferred, wish_to_transfer
from tests.unit.model.plans import REFERRALS, PlainVoice, agent, plan
from tests.unit.model.promises import check

CITY = "+81598534038"
NUMBER = "+81120000000"

DialNews = ev.OfferDialled | ev.OfferRang | ev.OfferAnswered | ev.OfferReturned

BOOKS = (
    "123456#1",
    "123456#21",
    "##19800405#11",
    "#0598531234#19800405#3411",
    "12#*",
    "123456#0",
    "12345678*",
)
"""What somebody types who books by keypad."""


def booking_answer(rng: random.Random, question: sb.Question) -> sb.Answer:
    """Return what a booking of chance answers."""
    slot = sb.FreeSlot("1-collection", "koseki", Instant(1_800_100_000.0))
    known = sb.Reservation("123456782", "koseki", "collection", slot.starts_at)
    if rng.random() < 0.1:
        return rng.choice([sb.NoAnswer(), sb.Gone(), sb.MyNumber()])
    match question:
        case sb.LookUp():
            return sb.Known(rng.choice([None, known]))
        case sb.Keep():
            return sb.Kept(rng.choice([None, slot, slot]))
        case _:
            return sb.Done(known)


@dataclass
class Leg:
    """A caller's leg as the switch sees it."""

    place: str = "stasis"
    answered: bool = False
    playing: PlaybackId | None = None
    music: bool = False
    offer: cmd.Offer | CallReferral | None = None
    peer: LegId | None = None
    silent: bool = False
    recording: str | None = None
    recording_ends: ev.MessageRecorded | None = None
    recorded: set[str] = field(default_factory=set)


@dataclass
class Watch:
    """What was seen of the commands so far."""

    timers: dict[str, cmd.ArmTimer] = field(default_factory=dict)
    open_offers: dict[OfferId, AgentName] = field(default_factory=dict)
    ended: set[CallId] = field(default_factory=set)
    arrived: set[CallId] = field(default_factory=set)
    connected: dict[CallId, int] = field(default_factory=dict)
    cases: dict[CallId, int] = field(default_factory=dict)
    outcomes: dict[CallId, str] = field(default_factory=dict)
    told: dict[CallId, int] = field(default_factory=dict)
    kept: set[CallId] = field(default_factory=set)


def staff(rng: random.Random) -> tuple[Agent, ...]:
    """Return two to six operators of different skills."""
    people = []
    for index in range(rng.randint(2, 6)):
        skills = {"booking": rng.choice([0, 1, 5, 9]), "card": rng.choice([0, 3])}
        person = agent(f"op{index}", **skills)
        people.append(person.model_copy(update={"level": rng.choice(["standard", "trainee"])}))
    return tuple(people)


class Day:
    """One seeded day. `run` plays it to its end; `step` plays one event."""

    def __init__(self, seed: int, calls: int = 12, centre: Centre | None = None) -> None:
        self.rng = random.Random(seed)
        self.now = Instant(1_800_000_000.0)
        chosen = centre or plan(
            hours={"at_closing": self.rng.choice(list(AtClosing))},
            self_service={"service": "collection", "after_hours": self.rng.random() < 0.5},
            referrals=REFERRALS,
        )
        self.model = Model(chosen, PlainVoice(), random.Random(seed))
        self.agenda: list[tuple[float, int, ev.Event]] = []
        self.legs: dict[CallId, Leg] = {}
        self.watch = Watch()
        self.callbacks = CallbackSwitch(self)
        self.consulting = ConsultingSwitch(self)
        self._order = count()
        self.people = staff(self.rng)
        self.take(ev.RosterChanged(self.people))
        for person in self.people:
            self._people_live(AgentName(person.name))
        for _ in range(self.rng.randint(0, 3)):
            self.later(self.rng.uniform(0, 300), self._hours_change())
        for index in range(calls):
            self.later(self.rng.uniform(0, 300), self._arrival(CallId(f"call-{index}")))

    def _arrival(self, call: CallId) -> ev.Event:
        caller = self.rng.choice([None, CITY, "+819012345678", "+815012345678"])
        dialled = NUMBER if self.rng.random() < 0.97 else "+81120999999"
        return ev.CallArrived(call, caller, dialled, f"{call}@carrier")

    def _hours_change(self) -> ev.Event:
        rng = self.rng
        if rng.random() < 0.4:
            return ev.EmergencyChanged(rng.choice(["emergency", None]))
        since = self.now + rng.uniform(0, 300)
        queues = rng.choice([(), ("booking",)])
        closing = Override("1", False, Instant(since), Instant(since + 60), queues=queues)  # noqa: FBT003
        return ev.OverridesChanged(rng.choice([(closing,), ()]))

    def _people_live(self, name: AgentName) -> None:
        rng = self.rng
        self.later(rng.uniform(0, 30), ev.PhoneChanged(name, registered=True))
        self.later(rng.uniform(0, 30), ev.AgentReadied(name))
        for _ in range(rng.randint(0, 6)):
            deeds: list[ev.Event] = [
                ev.AgentReadied(name),
                ev.AgentPaused(name, "lunch"),
                ev.AgentLoggedOut(name),
                ev.AfterCallRequested(name),
                ev.PhoneChanged(name, registered=rng.random() < 0.7),
                ev.RosterChanged(tuple(p for p in self.people if p.name != name or rng.random() < 0.5)),
                ev.PlanChanged(self.model.floor.plan),
            ]
            self.later(rng.uniform(0, 500), rng.choice(deeds))
        self.later(rng.uniform(400, 500), ev.PhoneChanged(name, registered=True))
        self.later(rng.uniform(500, 600), ev.AgentReadied(name))

    def later(self, seconds: float, event: ev.Event) -> None:
        """Let *event* happen after *seconds*."""
        heapq.heappush(self.agenda, (self.now + seconds, next(self._order), event))

    # --- playing ---------------------------------------------------------------------------------------

    def run(self) -> None:
        """Play the whole day; every caller leaves in the end."""
        while self.agenda:
            self.step()
        if self.model.floor.calls:
            raise Impossible(f"calls left behind: {list(self.model.floor.calls)}")

    def step(self) -> None:
        """Play the next event."""
        at, _, event = heapq.heappop(self.agenda)
        self.now = Instant(max(self.now, at))
        if isinstance(event, ev.CallEvent) and not self._still_true(event):
            return
        self.take(event)

    def _still_true(self, event: ev.CallEvent) -> bool:  # noqa: C901, PLR0911 - one line each
        """Whether the switch would still send *event*: nothing comes from a leg that is gone."""
        if isinstance(event, ev.CallArrived):
            self.legs[event.call] = Leg()
            self._caller_lives(event.call)
            return True
        if is_callback(event.call):
            return self.callbacks.still_true(event)
        # These come from elsewhere, also when the caller has left.
        if isinstance(event, ev.BookingAnswered) or is_supervision(event.call):
            return True
        leg = self.legs.get(event.call)
        if leg is None:
            return False
        if isinstance(event, ev.CallerLeft):
            del self.legs[event.call]
        elif isinstance(event, ev.PlaybackEnded):
            if leg.playing == event.playback:
                leg.playing = None
        elif isinstance(event, CallerTransferred):
            return transferred(leg, event)
        elif isinstance(event, DialNews):
            return self._dial_moves(leg, event)
        elif isinstance(event, ev.MessageRecorded):
            ends = leg.recording_ends is event
            if ends:
                leg.recording = leg.recording_ends = None
            return ends
        elif isinstance(event, ev.KeyPressed):
            return leg.place == "stasis"
        return True

    def _dial_moves(self, leg: Leg, event: DialNews) -> bool:
        if leg.offer is None or leg.offer.offer != event.offer:
            return False
        if isinstance(event, ev.OfferDialled | ev.OfferRang):
            leg.peer = event.leg
        elif isinstance(event, ev.OfferAnswered):
            leg.place = "bridged"
            wish_to_consult(self, event.call)
            self.later(
                self.rng.expovariate(1 / 60), ev.OfferReturned(event.call, event.offer, ev.DialStatus.ANSWER)
            )
        else:
            leg.place, leg.offer, leg.peer, leg.silent = "stasis", None, None, False
        return True

    def _caller_lives(self, call: CallId) -> None:
        rng = self.rng
        for _ in range(rng.randint(0, 4)):
            self.later(rng.uniform(0, 40), ev.KeyPressed(call, rng.choice("01233*#94")))
        for _ in range(rng.randint(0, 8)):
            self.later(rng.uniform(10, 200), ev.KeyPressed(call, rng.choice("01223334*")))
        if rng.random() < 0.3:  # asks for a callback, in time or too late
            begins, keys = rng.uniform(5, 25), rng.choice(["141", "12", "142090123456#1", "14*41"])
            for place, key in enumerate(keys):
                self.later(begins + 2 * place, ev.KeyPressed(call, key))
        if rng.random() < 0.4:  # books by keypad, while waiting or outside hours
            begins, first = rng.uniform(5, 40), rng.choice(["1", "15", "5"])
            for place, key in enumerate(first + rng.choice(BOOKS)):
                self.later(begins + 1.5 * place, ev.KeyPressed(call, key))
        self.later(rng.expovariate(1 / 120), ev.CallerLeft(call, 16))
        self.later(3_000 + rng.random(), ev.CallerLeft(call, 16))
        if rng.random() < 0.2:
            self.later(rng.uniform(0, 60), ev.CallerRemembered(call, AgentName(rng.choice(self.people).name)))
        if rng.random() < 0.1:
            queue = rng.choice([None, QueueName("card")])
            self.later(rng.uniform(0, 60), ev.MoveRequested(call, queue, to_front=rng.random() < 0.5))
        wish_to_transfer(self, call)
        if rng.random() < 0.05:
            self.later(rng.uniform(0, 100), ev.HangupRequested(call, "supervisor"))

    def take(self, event: ev.Event) -> None:
        """Hand *event* to the model, carry out what it decides, and check every promise."""
        try:
            decided = self.model.handle(event, self.now)
        except ModelError:
            decided = []
        for command in decided:
            self._carry_out(command)
        check(self)

    # --- the switch ------------------------------------------------------------------------------------

    def _carry_out(self, command: cmd.Command) -> None:
        if isinstance(command, cmd.CallCommand) and is_callback(command.call):
            self.callbacks.order(command)
        elif isinstance(command, cmd.CallCommand) and is_supervision(command.call):
            self.consulting.order(command)
        elif isinstance(command, cmd.CallCommand):
            leg = self.legs.get(command.call)
            if leg is not None:
                self._order_leg(leg, command)
        elif isinstance(command, cmd.ArmTimer):
            self.watch.timers[command.owner] = command
            self.later(max(0.0, command.due - self.now), _fired(command))
        elif isinstance(command, cmd.CancelTimer):
            self.watch.timers.pop(command.owner, None)
        elif isinstance(command, cmd.Errand):
            self._run(command)
        else:
            self._see(command)

    def _order_leg(self, leg: Leg, command: cmd.CallCommand) -> None:
        call, rng = command.call, self.rng
        if isinstance(command, cmd.HangUp):
            self.later(rng.uniform(0, 0.02), ev.CallerLeft(call, command.cause))
        elif isinstance(command, cmd.WithdrawOffer):
            if command.leg is not None and leg.offer is not None:
                status = ev.DialStatus.ANSWER if leg.place == "bridged" else ev.DialStatus.NOANSWER
                self.later(rng.uniform(0, 0.02), ev.OfferReturned(call, command.offer, status))
        elif isinstance(command, TakeFromOperator):
            take_from_operator(self, leg, call)
        elif isinstance(command, cmd.PauseRecording | cmd.ResumeRecording):
            if leg.place != "bridged":
                raise Impossible("recording of a call that nobody talks on")
            leg.silent = isinstance(command, cmd.PauseRecording)
        elif leg.place != "stasis":
            raise Impossible(f"{command} while the caller is {leg.place}")
        elif isinstance(command, CallReferral):
            _must(not (leg.playing or leg.music or leg.recording), "put through while something plays")
            dial_outside(self, leg, command)
        else:
            self._order_in_stasis(leg, command)

    def _order_in_stasis(self, leg: Leg, command: cmd.CallCommand) -> None:
        match command:
            case cmd.Answer():
                _must(not leg.answered, "answered twice")
                leg.answered = True
            case cmd.Play():
                _must(not (leg.playing or leg.music or leg.recording), "words on top of something else")
                _must(command.recorded is None or command.recorded in leg.recorded, "plays no message")
                self._play(leg, command)
            case cmd.StopPlaying():
                _must(leg.playing == command.playback, "stops what does not play")
                leg.playing = None
                ended = ev.PlaybackEnded(command.call, command.playback, heard=False)
                self.later(self.rng.uniform(0, 0.02), ended)
            case cmd.StartMusic() | cmd.StopMusic():
                starts = isinstance(command, cmd.StartMusic)
                behind = isinstance(command, cmd.StartMusic) and command.after_words
                _must(behind or not leg.playing, "music on top of words")
                _must(not leg.recording, "music while somebody leaves a message")
                leg.music = starts
            case cmd.RecordMessage():
                _must(leg.answered, "a message before the answer")
                _must(not (leg.playing or leg.music or leg.recording), "records what we play")
                self._record(leg, command)
            case cmd.StopMessage():
                if leg.recording == command.name:
                    leg.recording = None
                    self._recorded(leg, command, self.rng.uniform(0, 0.02))
            case cmd.DiscardMessage():
                _must(not leg.recording, "deletes what is being recorded")
                leg.recorded.discard(command.name)
            case cmd.Offer():
                _must(leg.answered, "an offer before the answer")
                _must(not (leg.playing or leg.music or leg.recording), "an offer while something plays")
                self._dial(leg, command)

    def _play(self, leg: Leg, command: cmd.Play) -> None:
        leg.playing = command.playback
        heard = self.rng.random() < 0.95
        self.later(self.rng.uniform(0, 8), ev.PlaybackEnded(command.call, command.playback, heard))

    def _record(self, leg: Leg, command: cmd.RecordMessage) -> None:
        if self.rng.random() < 0.05:
            refusal = ev.CommandRefused(command.call, "RecordMessage", "the disk is full")
            self.later(self.rng.uniform(0, 0.02), refusal)
            return
        leg.recording = command.name
        leg.recorded.add(command.name)
        if self.rng.random() < 0.9:
            self._recorded(leg, command, self.rng.uniform(0, command.limit_s))

    def _recorded(self, leg: Leg, command: cmd.RecordMessage | cmd.StopMessage, after: float) -> None:
        seconds = self.rng.uniform(0, 60)
        spoken_s = seconds if self.rng.random() < 0.7 else 0.0
        leg.recording_ends = ev.MessageRecorded(command.call, command.name, seconds, spoken_s)
        self.later(after, leg.recording_ends)

    def _dial(self, leg: Leg, offer: cmd.Offer) -> None:
        rng = self.rng
        leg.place, leg.offer = "dial", offer
        rings, leg_id = rng.uniform(0, 0.05), LegId(f"leg-{offer.offer}")
        self.later(rng.uniform(0, rings), ev.OfferDialled(offer.call, offer.offer, leg_id))
        self.later(rings, ev.OfferRang(offer.call, offer.offer, leg_id))
        deed = rng.random()
        if deed < 0.6:
            self.later(rings + rng.uniform(0, offer.ring_s - 1), ev.OfferAnswered(offer.call, offer.offer))
        elif deed < 0.7:
            self.later(rings + rng.uniform(0, offer.ring_s), ev.OfferRejected(offer.agent, offer.offer))
        else:
            status = rng.choice([s for s in ev.DialStatus if s is not ev.DialStatus.ANSWER])
            at = offer.ring_s if status is ev.DialStatus.NOANSWER else rng.uniform(0, 2)
            self.later(rings + at, ev.OfferReturned(offer.call, offer.offer, status))
        self.later(rings + offer.ring_s, ev.OfferReturned(offer.call, offer.offer, ev.DialStatus.NOANSWER))

    # --- the booking -----------------------------------------------------------------------------------

    def _run(self, errand: cmd.Errand) -> None:
        if isinstance(errand, cmd.ForgetBooking):
            self.watch.kept.discard(errand.call)
        elif isinstance(errand, cmd.AskBooking) and self.rng.random() < 0.95:
            answer = booking_answer(self.rng, errand.question)
            if isinstance(answer, sb.Kept) and answer.slot is not None:
                self.watch.kept.add(errand.call)
            after = self.rng.choice([0.05, 0.5, 3.0, 8.0])
            self.later(after, ev.BookingAnswered(errand.call, errand.number, answer))

    # --- watching --------------------------------------------------------------------------------------

    def _see(self, command: cmd.Command) -> None:
        watch = self.watch
        if isinstance(command, cmd.Record):
            self.callbacks.see(command)
        match command:
            case cmd.ShowOffer():
                if command.offer in watch.open_offers:
                    raise Impossible("an offer number used twice")
                watch.open_offers[command.offer] = command.agent
            case cmd.EndOffer():
                del watch.open_offers[command.offer]
            case cmd.Record() if command.stream.startswith("call:"):
                self._read(CallId(command.stream.removeprefix("call:")), command)

    def _read(self, call: CallId, fact: cmd.Record) -> None:
        watch = self.watch
        match fact.kind:
            case "call.arrived" | "callback.requested":
                watch.arrived.add(call)
            case "call.connected":
                watch.connected[call] = watch.connected.get(call, 0) + 1
            case "case.opened":
                watch.cases[call] = watch.cases.get(call, 0) + 1
            case "wait.announced":
                self._wait_told(call, fact.data["minutes"], fact.data["cause"])
            case "queue.left" if fact.data["reason"] == "moved":
                watch.told.pop(call, None)
            case "call.ended":
                if call in watch.ended:
                    raise Impossible("ended twice")
                watch.ended.add(call)
                watch.outcomes[call] = fact.data["outcome"]

    def _wait_told(self, call: CallId, minutes: int, cause: str | None) -> None:
        before = self.watch.told.get(call, minutes)
        _must(cause or minutes <= before, "the wait rose without a cause")
        self.watch.told[call] = minutes


def _must(true: object, otherwise: str) -> None:
    if not true:
        raise Impossible(otherwise)


def _fired(command: cmd.ArmTimer) -> ev.Event:
    if command.timer is ev.Timer.AFTER_CALL:
        return ev.AgentTimerFired(AgentName(command.owner), command.timer, command.serial)
    return ev.CallTimerFired(CallId(command.owner), command.timer, command.serial)
