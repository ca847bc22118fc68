"""Operators' telephones: they ring, are picked up, turned down, left ringing or unplugged, as told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.asterisk.dial import ANSWER, BUSY, BYE, HOLD, RINGING, UNHOLD, OperatorLeg
from tests.simulation.asterisk.server import SimulatedAsterisk

FIRST_RING_S = 0.01
"""From the INVITE to the 180 of a telephone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up after *after_s*; hang up after *talk_s*, or never; hold the caller *held_s* long, if at all."""

    after_s: float = 0.0
    talk_s: float | None = None
    held_s: float | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the call down after *after_s*: `BUSY` (486) or `DECLINED` (603)."""

    word: str = BUSY
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RingOut:
    """Nobody is there: let it ring."""


Behaviour = Answer | Refuse | RingOut


class Ring:
    """One call at one telephone: what it does, and what happened, by the telephone's own watch."""

    def __init__(self, phone: "Phone", leg: OperatorLeg) -> None:
        self.phone = phone
        self.leg = leg
        self.call = leg.caller.id
        self.invited: float | None = None
        self.answered: float | None = None
        self.over = False
        self._last = 0.0
        self._acts: list[asyncio.TimerHandle] = []

    def begin(self) -> None:
        """Take the INVITE."""
        if self.phone.unplugged or self.over:
            return
        self.invited = self.phone.server.wall()
        if self.phone.elsewhere:
            self.say(BUSY)
            return
        behaviour = self.phone.behave(self)
        self._in(FIRST_RING_S, lambda: self._ring(behaviour))

    def _ring(self, behaviour: Behaviour) -> None:
        """Ring, and only then do whatever the person does: two timers of one instant have no order."""
        self.say(RINGING)
        match behaviour:
            case Answer(after_s, talk_s, held_s):
                self._in(after_s, lambda: self.answer(talk_s, held_s))
            case Refuse(word, after_s):
                self._in(after_s, lambda: self.say(word))
            case RingOut():
                pass

    def answer(self, talk_s: float | None = None, held_s: float | None = None) -> None:
        """Pick up."""
        self.answered = self.phone.server.wall()
        self.say(ANSWER)
        if talk_s is not None:
            self._in(talk_s, lambda: self.say(BYE))
        if held_s is not None:
            self._in(0.05, lambda: self.say(HOLD))
            self._in(0.05 + held_s, lambda: self.say(UNHOLD))

    def say(self, word: str) -> None:
        """Send one message; they arrive in order."""
        if self.over or self.phone.unplugged:
            return
        loop = asyncio.get_running_loop()
        self._last = max(self._last, loop.time() + self.phone.server.network.delay())
        loop.call_at(self._last, self._arrive, word)

    def picked_up(self) -> None:
        """Asterisk answers no leg that it dialled."""

    def ended(self) -> None:
        """Asterisk ended this leg; CANCEL or BYE is on its way."""
        self.over = True
        for act in self._acts:
            act.cancel()
        self.phone.changed()

    @property
    def state(self) -> str:
        """What Asterisk says of the telephone because of this call."""
        if self.over:
            return "NOT_INUSE"
        return "INUSE" if self.leg.channel.state == "Up" else "RINGING"

    def _arrive(self, word: str) -> None:
        if self.over:
            return
        self.leg.hear(word)
        asyncio.get_running_loop().call_soon(self.phone.changed)

    def _in(self, seconds: float, act: Callable[[], None]) -> None:
        self._acts.append(asyncio.get_running_loop().call_later(seconds, act))


class Phone:
    """An operator's telephone. *behave* decides on each call."""

    def __init__(
        self, server: SimulatedAsterisk, extension: str, behave: Callable[[Ring], Behaviour]
    ) -> None:
        self.server = server
        self.extension = extension
        self.behave = behave
        self.registered = False
        self.unplugged = False
        self.elsewhere = False
        self.rings: list[Ring] = []
        self._told = "UNAVAILABLE"
        server.phones[extension] = self

    @property
    def device_state(self) -> str:
        """What Asterisk says of this telephone."""
        if not self.registered:
            return "UNAVAILABLE"
        states = {ring.state for ring in self.rings if not ring.over}
        if "INUSE" in states or self.elsewhere:
            return "INUSE"
        return "RINGING" if states else "NOT_INUSE"

    def invite(self, leg: OperatorLeg) -> Ring:
        """Let it ring as soon as the INVITE is there."""
        ring = Ring(self, leg)
        self.rings.append(ring)
        asyncio.get_running_loop().call_later(self.server.network.delay(), ring.begin)
        self.changed()
        return ring

    def register(self) -> None:
        """Tell Asterisk where this telephone is."""
        self.registered, self.unplugged = True, False
        self.changed()

    def vanish(self, *, noticed: bool) -> None:
        """Lose power; Asterisk knows at once, or goes on ringing it."""
        self.unplugged = True
        self.registered = self.registered and not noticed
        self.changed()

    def use_elsewhere(self, *, used: bool) -> None:
        """Begin or end a call that is none of ours."""
        self.elsewhere = used
        self.changed()

    def changed(self) -> None:
        """Tell AMI if the state is another one now."""
        if self.server.up and self.device_state != self._told:
            self._told = self.device_state
            self.server.manager.tell_state(self.extension, self._told)
