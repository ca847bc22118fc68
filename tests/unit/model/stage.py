"""A centre on which a test plays a written sequence of events, one after another."""

import random
from collections.abc import Sequence
from typing import TypeVar

from config.schema import Agent, Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.calendar import HolidayTable, no_holidays
from telephony.model.call import Call
from telephony.model.centre import Centre as Model
from telephony.model.ids import AgentName, CallId, Instant, LegId
from telephony.model.roster import Operator
from tests.unit.model.plans import PlainVoice, agent, plan

NUMBER = "+81120000000"
CITY = "+81598534038"
C = TypeVar("C", bound=cmd.Command)


class Stage:
    """Plays events and remembers the commands that the last one led to, and all of them."""

    def __init__(
        self, *agents: Agent, centre: Centre | None = None, holidays: HolidayTable = no_holidays
    ) -> None:
        self.model = Model(centre or plan(), PlainVoice(), random.Random(1), holidays=holidays)
        self.now = Instant(1_000.0)
        self.said: list[cmd.Command] = []
        self.all: list[cmd.Command] = []
        self.play(ev.RosterChanged(agents))

    def play(self, *events: ev.Event, after: float = 0.0) -> "Stage":
        """Let *after* seconds pass, then let *events* happen at once."""
        self.now = Instant(self.now + after)
        self.said = []
        for event in events:
            self.said += self.model.handle(event, self.now)
        self.all += self.said
        return self

    def ready(self, *names: str) -> "Stage":
        """Sign these operators in, with their phones."""
        for name in names:
            who = AgentName(name)
            self.play(ev.PhoneChanged(who, registered=True), ev.AgentReadied(who))
        return self

    def dial(self, call: str, caller: str | None = "+819012345678", number: str = NUMBER) -> "Stage":
        """Let *call* arrive."""
        return self.play(ev.CallArrived(CallId(call), caller, number, f"{call}@carrier"))

    def greeted(self, call: str) -> "Stage":
        """Let the greeting end."""
        return self.spoken(call)

    def spoken(self, call: str) -> "Stage":
        """Let whatever plays to *call* end."""
        playback = self.call(call).playback
        assert playback is not None
        return self.play(ev.PlaybackEnded(CallId(call), playback, heard=True))

    def key(self, call: str, key: str) -> "Stage":
        """Let the caller press *key*."""
        return self.play(ev.KeyPressed(CallId(call), key))

    def waiting(self, call: str, caller: str | None = "+819012345678", key: str = "1") -> "Stage":
        """Let *call* arrive and choose *key* in the menu."""
        return self.dial(call, caller).greeted(call).key(call, key)

    def timer(self, call: str) -> "Stage":
        """Let the call's timer fire when it is due."""
        armed = [c for c in self.all if isinstance(c, cmd.ArmTimer) and c.owner == call][-1]
        return self.play(
            ev.CallTimerFired(CallId(call), armed.timer, armed.serial), after=max(0.0, armed.due - self.now)
        )

    def answered(self, call: str) -> "Stage":
        """Let the operator's phone ring and be picked up."""
        return self.rings(call).play(ev.OfferAnswered(CallId(call), self.offer(call).offer))

    def rings(self, call: str) -> "Stage":
        """Let the operator's phone ring."""
        return self.play(ev.OfferRang(CallId(call), self.offer(call).offer, LegId(f"leg-{call}")))

    def returned(self, call: str, status: ev.DialStatus, after: float = 0.0) -> "Stage":
        """Let ``Dial()`` come back."""
        return self.play(ev.OfferReturned(CallId(call), self.offer(call).offer, status), after=after)

    # --- looking -----------------------------------------------------------------------------------------

    def call(self, call: str) -> Call:
        """Return the live call."""
        return self.model.floor.calls[CallId(call)]

    def operator(self, name: str) -> Operator:
        """Return the operator."""
        return self.model.floor.roster[AgentName(name)]

    def offer(self, call: str) -> cmd.Offer:
        """Return the latest offer made for *call*."""
        return [c for c in self.all if isinstance(c, cmd.Offer) and c.call == call][-1]

    def of(self, kind: type[C]) -> list[C]:
        """Return the commands of this kind that the last play led to."""
        return [command for command in self.said if isinstance(command, kind)]

    def facts(self, call: str, kind: str) -> Sequence[dict[str, object]]:
        """Return the data of every journal entry of this kind about *call*."""
        stream = f"call:{call}"
        return [
            dict(c.data)
            for c in self.all
            if isinstance(c, cmd.Record) and (c.stream, c.kind) == (stream, kind)
        ]

    def outcome(self, call: str) -> tuple[object, object]:
        """Return (outcome, ended_by) of a call that is over; there must be exactly one record."""
        (ended,) = self.facts(call, "call.ended")
        return ended["outcome"], ended["ended_by"]


def booker(name: str = "sato") -> Agent:
    """Return somebody who answers bookings first."""
    return agent(name, booking=9)


def learner(name: str = "mori") -> Agent:
    """Return somebody who answers bookings only after 20 s of waiting."""
    return agent(name, booking=1)
