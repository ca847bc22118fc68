"""A centre whose controller is killed again and again, in simulated time: everything else goes on.

The journal loses what was not durable, in its order; orders that were not carried out are lost; Asterisk
keeps its legs, ends what comes back while nobody drives it, and tells a new controller by snapshot alone, and
by what its dialplan noted. The model and the recovery are the real ones.
"""

import heapq
import random
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from config.schema import Agent, Centre
from telephony import callback_recovery, recovery
from telephony.asterisk.answers import Bridge, Channel
from telephony.asterisk.callback_legs import CONTEXT
from telephony.entries import Entry, call_of
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.errors import ModelError
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId
from telephony.model.operator_leg import read_operator_leg
from tests.unit.model.callback_stage import ASK, callback_plan
from tests.unit.model.plans import PlainVoice
from tests.unit.model.stage import NUMBER

Behaviour = tuple[ev.DialStatus, float]
"""What a citizen's phone does: how ``Dial()`` ends, and after how many seconds of ringing or talking."""


@dataclass
class Leg:
    """A leg in Asterisk: a caller's, or an operator's for a callback."""

    id: LegId
    call: CallId
    state: str = "Up"
    context: str = "from-trunk"
    application: str = "Stasis"
    bridged: bool = False
    caller: str = ""


@dataclass(frozen=True)
class Rung:
    """The citizen's phone was rung."""

    at: float
    call: CallId
    number: str


@dataclass
class Journal:
    """Durable entries, and those that a kill may still take."""

    durable: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    pending: deque[cmd.Record] = field(default_factory=deque)

    def flush(self, most: int | None = None) -> None:
        """Make the oldest *most* pending records durable, or all."""
        for _ in range(len(self.pending) if most is None else most):
            record = self.pending.popleft()
            stream = self.durable[record.stream]
            stream.append(Entry(record.stream, len(stream) + 1, record.at, record.kind, record.data))

    def unfinished(self) -> dict[CallId, tuple[Entry, ...]]:
        """Return what a new controller reads."""
        found = {}
        for stream, entries in self.durable.items():
            call = call_of(stream)
            if call is not None and all(entry.kind != "call.ended" for entry in entries):
                found[call] = tuple(entries)
        return found

    def of(self, call: CallId, kind: str) -> list[Entry]:
        """Return the durable entries of *kind* about *call*."""
        return [entry for entry in self.durable[f"call:{call}"] if entry.kind == kind]


class World:
    """One seeded run. *behave* says what the citizen of a number does at the n-th ring."""

    def __init__(
        self,
        seed: int,
        people: tuple[Agent, ...],
        behave: Callable[[str, int], Behaviour],
        centre: Centre | None = None,
    ) -> None:
        self.rng = random.Random(seed)
        self.now = Instant(1_800_000_000.0)
        self.people, self.behave = people, behave
        self.plan = centre or callback_plan(calling={"acw_s": 0})
        self.journal = Journal()
        self.legs: dict[LegId, Leg] = {}
        self.rung: list[Rung] = []
        self.noted: dict[OfferId, ev.NotedDial] = {}
        self.talks: list[CallId] = []
        self.kills = 0
        self._agenda: list[tuple[float, int, int | None, Callable[[], None]]] = []
        self._serial = count()
        self._ready = False
        self._start()

    # --- the controller ----------------------------------------------------------------------------------

    def _start(self) -> None:
        self.life = next(self._serial)
        self.orders: dict[CallId, deque[cmd.CallCommand]] = {}
        self.alive = True
        self.model = Model(self.plan, PlainVoice(), self.rng, first_id=int(self.now * 1_000))
        self.submit(ev.RosterChanged(self.people))
        for person in self.people:
            name = AgentName(person.name)
            if self._ready:
                self.submit(ev.AgentReadied(name))
            self.submit(ev.PhoneChanged(name, registered=True))
        self._catch_up()

    def _catch_up(self) -> None:
        legs = self.legs.values()
        bridges = [Bridge(f"b-{leg.id}", "", (leg.id, LegId("citizen"))) for leg in legs if leg.bridged]
        snapshot = recovery.Snapshot([_channel(leg) for leg in legs], bridges, self.noted)
        floor, entries = self.model.floor, self.journal.unfinished()
        extensions = {person.extension: AgentName(person.name) for person in self.people}
        known = (snapshot, floor.calls, entries, extensions)
        found = [*recovery.adopted(*known), *callback_recovery.adopted(*known)]
        for event in sorted(found, key=callback_recovery.turn):
            self.submit(event)
        for leg in recovery.strangers(snapshot, floor.calls, entries).values():
            self.submit(recovery.arrival(leg))
        self.journal.pending.extend(recovery.lost(snapshot, entries, self.now))
        for leg in list(callback_recovery.ownerless(snapshot, floor.calls)):
            self.legs.pop(leg, None)

    def kill(self) -> None:
        """``kill -9``: facts not yet durable are lost from some point on, and all orders and timers."""
        if not self.alive:
            return
        self.kills += 1
        self.journal.flush(self.rng.randint(0, len(self.journal.pending)))
        self.journal.pending.clear()
        self.alive = False
        self.life = next(self._serial)
        self.later(self.rng.uniform(0.01, 3), self._start)

    def submit(self, event: ev.Event) -> None:
        """Hand *event* to the model, if there is one."""
        if not self.alive:
            return
        try:
            decided = self.model.handle(event, self.now)
        except ModelError:
            return
        for command in decided:
            self._take(command)

    def _take(self, command: cmd.Command) -> None:
        if isinstance(command, cmd.Record):
            self.journal.pending.append(command)
        elif isinstance(command, cmd.ArmTimer) and command.timer is not ev.Timer.AFTER_CALL:
            fired = ev.CallTimerFired(CallId(command.owner), command.timer, command.serial)
            self.mine(max(0.0, command.due - self.now), lambda: self.submit(fired))
        elif isinstance(command, cmd.CallCommand):
            waiting = self.orders.setdefault(command.call, deque())
            waiting.append(command)
            if len(waiting) == 1:
                self.mine(self.rng.uniform(0.001, 0.05), lambda: self._carry(command.call))

    def _carry(self, call: CallId) -> None:
        orders = self.orders[call]
        command = orders.popleft()
        if command.binding:
            self.journal.flush()
        self._order(command)
        if orders:
            self.mine(self.rng.uniform(0.001, 0.05), lambda: self._carry(call))

    # --- time --------------------------------------------------------------------------------------------

    def later(self, seconds: float, deed: Callable[[], None]) -> None:
        """Let the world do *deed* after *seconds*."""
        heapq.heappush(self._agenda, (self.now + seconds, next(self._serial), None, deed))

    def mine(self, seconds: float, deed: Callable[[], None]) -> None:
        """Let this controller do *deed* after *seconds*, if it still lives then."""
        heapq.heappush(self._agenda, (self.now + seconds, next(self._serial), self.life, deed))

    def run(self, seconds: float, kills: int = 0) -> None:
        """Let *seconds* pass, with *kills* of the controller at random instants."""
        end = self.now + seconds
        for _ in range(kills):
            self.later(self.rng.uniform(0, seconds), self.kill)
        while self._agenda and self._agenda[0][0] <= end:
            at, _, life, deed = heapq.heappop(self._agenda)
            if life is None or life == self.life:
                self.now = Instant(max(self.now, at))
                deed()
        self.now = Instant(end)

    def open(self) -> None:
        """Everybody is ready from now on."""
        self._ready = True
        for person in self.people:
            self.submit(ev.AgentReadied(AgentName(person.name)))

    # --- Asterisk ----------------------------------------------------------------------------------------

    def _order(self, command: cmd.CallCommand) -> None:
        match command:
            case cmd.CallOperator():
                self.legs[command.leg] = Leg(command.leg, command.call, "Down", "from-operators")
                self.mine(self.rng.uniform(0.001, 0.02), lambda: self._ring_operator(command))
            case cmd.CallCitizen() if command.leg in self.legs:
                self._ring_citizen(command)
            case cmd.HangUp():
                self._end(command.leg or LegId(command.call), command.cause)
            case cmd.Play():
                over = ev.PlaybackEnded(command.call, command.playback, heard=True)
                self.later(self.rng.uniform(0.1, 3), lambda: self.submit(over))

    def _ring_operator(self, command: cmd.CallOperator) -> None:
        if command.leg not in self.legs:
            return
        self.legs[command.leg].state = "Ringing"
        self.later(0, lambda: self.submit(ev.OfferRang(command.call, command.offer, command.leg)))
        self.later(self.rng.uniform(0.5, 4), lambda: self._operator_answers(command))

    def _operator_answers(self, command: cmd.CallOperator) -> None:
        if command.leg in self.legs:
            self.legs[command.leg].state = "Up"
            self.submit(ev.OfferAnswered(command.call, command.offer))

    def _ring_citizen(self, command: cmd.CallCitizen) -> None:
        leg = self.legs[command.leg]
        leg.context, leg.application = f"{CONTEXT}{command.trunk}", "Dial"
        self.rung.append(Rung(self.now, command.call, command.number))
        nth = sum(ring.number == command.number for ring in self.rung)
        status, seconds = self.behave(command.number, nth)
        self.later(0.05, lambda: self.submit(_rang(command)))
        if status is ev.DialStatus.ANSWER:
            self.later(self.rng.uniform(0.5, 5), lambda: self._citizen_answers(command, seconds))
        else:
            self.later(seconds, lambda: self._dial_over(command, status))

    def _citizen_answers(self, command: cmd.CallCitizen, seconds: float) -> None:
        if command.leg in self.legs:
            self.legs[command.leg].bridged = True
            self.talks.append(command.call)
            self.noted[command.offer] = ev.NotedDial(self.now)
            self.submit(ev.CitizenAnswered(command.call, command.offer))
            self.later(seconds, lambda: self._dial_over(command, ev.DialStatus.ANSWER))

    def _dial_over(self, command: cmd.CallCitizen, status: ev.DialStatus) -> None:
        leg = self.legs.get(command.leg)
        if leg is None:
            return
        leg.bridged, leg.application = False, "Stasis"
        known = self.noted.get(command.offer, ev.NotedDial())
        self.noted[command.offer] = replace(known, ended_at=self.now, status=status)
        if self.alive:
            self.submit(ev.CitizenReturned(command.call, command.offer, status))
        else:  # Stasis() fails, and the dialplan hangs up
            self._end(command.leg, 16)

    def _end(self, leg: LegId, cause: int) -> None:
        if self.legs.pop(leg, None) is None:
            return
        named = read_operator_leg(leg)
        gone: ev.Event = ev.CallerLeft(CallId(leg), cause)
        if named is not None:
            gone = ev.OperatorLeft(named.call, named.offer, cause)
        self.later(self.rng.uniform(0, 0.02), lambda: self.submit(gone))

    # --- callers -----------------------------------------------------------------------------------------

    def dial(self, call: str, caller: str) -> None:
        """Let a caller arrive who asks for a callback, again and again until it is promised."""
        leg = Leg(LegId(call), CallId(call), caller=caller)
        self.legs[leg.id] = leg
        self.submit(ev.CallArrived(leg.call, caller, NUMBER, f"{call}@carrier"))
        self.later(self.rng.uniform(1, 3), lambda: self._press(leg))

    def _press(self, leg: Leg) -> None:
        """Press what the caller hears asked for: the menu's 1, the key that asks, then 1 for yes."""
        if leg.id not in self.legs:
            return
        known = self.model.floor.calls.get(leg.call) if self.alive else None
        key = "1" if known is None or known.state.value in {"greeting", "menu", "asking"} else ASK
        self.submit(ev.KeyPressed(leg.call, key))
        self.later(self.rng.uniform(1, 3), lambda: self._press(leg))


def _rang(command: cmd.CallCitizen) -> ev.CitizenRang:
    return ev.CitizenRang(command.call, command.offer, LegId(f"citizen-{command.offer}"), "sip")


def _channel(leg: Leg) -> Channel:
    return Channel(
        id=leg.id,
        name=f"PJSIP/{leg.id}",
        state=leg.state,
        caller=leg.caller,
        connected="",
        context=leg.context,
        extension=NUMBER,
        application=leg.application,
        created=Instant(0.0),
        sip_call_id=f"{leg.call}@carrier",
        variables={"MADOGUCHI_CALL": leg.call},
    )
