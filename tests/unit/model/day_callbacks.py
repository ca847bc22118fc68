"""The callbacks of a random day: what the switch does with an operator's leg and with the citizen's phone.

As strict as the day itself: it raises `Impossible` for an order that Asterisk would refuse, for a phone that
is rung although its owner has been served since, and for an attempt that was not written down first.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId, Instant, LegId

if TYPE_CHECKING:
    from tests.unit.model.day import Day

GIVEN_UP_S = (3_500, 4_500, 5_500, 9_000, 30_000)
"""When somebody takes a callback back that is still open: a day must end."""


class Impossible(Exception):
    """The model ordered what must not be."""


@dataclass
class OperatorLeg:
    """An operator's leg: ``made``, ``up`` (accepted), ``dial`` (the citizen is rung) or ``bridged``."""

    order: cmd.CallOperator
    place: str = "made"


class CallbackSwitch:
    """The part of the day's switch that callbacks need."""

    def __init__(self, day: "Day") -> None:
        self.day = day
        self.legs: dict[CallId, OperatorLeg] = {}
        self.attempts: dict[CallId, int] = {}
        self.rings: dict[CallId, int] = {}
        self.asked: dict[CallId, Instant] = {}
        self.served: dict[str, Instant] = {}

    def see(self, record: cmd.Record) -> None:
        """Follow what the journal says of callbacks."""
        call = CallId(record.stream.removeprefix("call:"))
        if record.kind == "callback.requested":
            self.asked[call] = record.at
            for seconds in GIVEN_UP_S:
                self.day.later(seconds, ev.CancelRequested(call, "system"))
        elif record.kind == "callback.attempted":
            self.attempts[call] = record.data["attempt"]
        elif record.kind == "call.connected":
            live = self.day.model.floor.calls.get(call)
            if live is not None and live.promise is None and live.caller is not None:
                self.served[live.caller] = record.at

    def order(self, command: cmd.CallCommand) -> None:
        """Carry out an order about a callback."""
        match command:
            case cmd.CallOperator():
                self._call_operator(command)
            case cmd.CallCitizen():
                self._call_citizen(command)
            case cmd.HangUp(call, cause, leg):
                known = self.legs.get(call)
                if known is not None and known.order.leg == leg:
                    gone = ev.OperatorLeft(call, known.order.offer, cause)
                    self.day.later(self.day.rng.uniform(0, 0.02), gone)
            case cmd.PauseRecording() | cmd.ResumeRecording():
                pass
            case _:
                raise Impossible(f"{command} for a callback")

    def _call_operator(self, order: cmd.CallOperator) -> None:
        rng, day = self.day.rng, self.day
        if order.call in self.legs and self.legs[order.call].place != "made":
            raise Impossible("a second leg beside one that is up")
        self.legs[order.call] = OperatorLeg(order)
        if rng.random() < 0.05:
            day.later(0, ev.CommandRefused(order.call, "CallOperator", "500"))
            return
        day.later(rng.uniform(0, 0.05), ev.OfferRang(order.call, order.offer, order.leg))
        deed = rng.random()
        if deed < 0.6:
            day.later(rng.uniform(0.1, order.ring_s - 1), ev.OfferAnswered(order.call, order.offer))
        elif deed < 0.7:
            day.later(rng.uniform(0.1, order.ring_s), ev.OfferRejected(order.agent, order.offer))
        elif deed < 0.95:
            cause = rng.choice([17, 19, 20, 21])
            day.later(rng.uniform(0.1, order.ring_s), ev.OperatorLeft(order.call, order.offer, cause))

    def _call_citizen(self, order: cmd.CallCitizen) -> None:
        rng, day = self.day.rng, self.day
        self.rings[order.call] = self.rings.get(order.call, 0) + 1
        if self.attempts.get(order.call) != self.rings[order.call]:
            raise Impossible("a citizen is rung without an attempt of its own")
        if self.served.get(order.number, Instant(0.0)) > self.asked[order.call]:
            raise Impossible("a citizen is rung who has been served since")
        leg = self.legs.get(order.call)
        if leg is None or leg.order.leg != order.leg:  # the operator hung up in this instant
            day.later(0, ev.CommandRefused(order.call, "CallCitizen", "404"))
            return
        leg.place = "dial"
        rang = ev.CitizenRang(order.call, order.offer, LegId(f"citizen-{order.offer}"), "sip")
        day.later(rng.uniform(0, 0.1), rang)
        status = rng.choice(list(ev.DialStatus))
        if status is ev.DialStatus.ANSWER:
            answer = rng.uniform(0.2, order.ring_s)
            day.later(answer, ev.CitizenAnswered(order.call, order.offer))
            if rng.random() < 0.2:
                day.later(answer + 2, ev.MachineHeard(order.call))
            day.later(answer + rng.expovariate(1 / 60), _returned(order, status))
        elif rng.random() < 0.9:
            day.later(rng.uniform(0.2, order.ring_s), _returned(order, status))
        if rng.random() < 0.3:
            day.later(rng.uniform(0, 60), ev.OperatorLeft(order.call, order.offer, 16))

    def still_true(self, event: ev.CallEvent) -> bool:
        """Whether the switch would still send *event*: nothing comes from a leg that is gone."""
        leg = self.legs.get(event.call)
        if isinstance(event, ev.CallTimerFired | ev.CommandRefused | ev.CancelRequested | ev.MachineHeard):
            return event.call in self.day.model.floor.calls
        if leg is None or leg.order.offer != getattr(event, "offer", None):
            return False
        if isinstance(event, ev.OperatorLeft):
            del self.legs[event.call]
        elif isinstance(event, ev.OfferAnswered):
            leg.place = "up"
        elif isinstance(event, ev.CitizenAnswered):
            if leg.place != "dial":
                return False
            leg.place = "bridged"
        elif isinstance(event, ev.CitizenReturned):
            if leg.place not in {"dial", "bridged"}:
                return False
            leg.place = "up"
        return True


def _returned(order: cmd.CallCitizen, status: ev.DialStatus) -> ev.CitizenReturned:
    return ev.CitizenReturned(order.call, order.offer, status)
