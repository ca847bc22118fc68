"""`Dial()` with ``g``, ``m``, ``U(answered)``: ring, answer, refuse, give up, connect (``app_dial.c``)."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.simulation.asterisk.channel import NORMAL, Channel, HungUp, Party, Redirected

if TYPE_CHECKING:
    from tests.simulation.asterisk.server import SimulatedAsterisk

RINGING, ANSWER, BYE, HOLD, UNHOLD = "ringing", "answer", "bye", "hold", "unhold"
BUSY, DECLINED = "busy", "declined"
_DELETED = "deleted"

_REFUSALS = {BUSY: "BUSY", DECLINED: "CHANUNAVAIL", _DELETED: "NOANSWER"}
"""What DIALSTATUS becomes. A leg that somebody hangs up while it rings counts as not answered."""


class Endpoint(Protocol):
    """An operator's telephone, as Asterisk calls it."""

    extension: str
    registered: bool

    def invite(self, leg: "OperatorLeg") -> Party:
        """Return the ringing that begins as soon as the INVITE arrives."""


class OperatorLeg:
    """The operator's end of a `Dial()`: what the phone says, in order."""

    def __init__(self, channel: Channel, caller: Channel) -> None:
        self.channel = channel
        self.caller = caller
        self._said: deque[str] = deque()
        self._more: asyncio.Future[None] | None = None
        channel.wakes.append(lambda: self.hear(_DELETED))

    def hear(self, word: str) -> None:
        """Take what arrived from the phone."""
        self._said.append(word)
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def next(self, deadline: float | None = None) -> str | None:
        """Return what the phone says next, None at *deadline*. Raises `HungUp` when the caller has left."""
        loop = asyncio.get_running_loop()
        while not self._said:
            self._more = loop.create_future()
            left = None if deadline is None else max(0.0, deadline - loop.time())
            await self.caller.wait_for(self._more, left)
            if deadline is not None and not self._said and loop.time() >= deadline:
                return None
        if self.caller.hung_up:
            raise HungUp
        return self._said.popleft()


class NoOne:
    """The other end of a leg that was never made."""

    def picked_up(self) -> None:
        """Nobody is there."""

    def ended(self) -> None:
        """Nobody is there."""


@dataclass
class Dial:
    """One run of the application."""

    server: "SimulatedAsterisk"
    caller: Channel
    phone_hung_up: bool = False
    """Whether the telephone ended the conversation (its name is then the caller's ``hangupsource``)."""

    async def run(self, phone: Endpoint, ring_s: float) -> str:
        """Ring *phone* and connect it; return DIALSTATUS. Raises `HungUp` when the caller left meanwhile."""
        self.caller.app = "Dial"
        leg = self._make_leg(phone)
        self._tell("", leg)
        self.caller.music = True
        try:
            status = await self._ring(leg, asyncio.get_running_loop().time() + ring_s)
            if status == "ANSWER":
                await self._connect(leg, phone)
        except (HungUp, Redirected):
            self._tell("CANCEL", leg)
            raise
        else:
            return status
        finally:
            self.caller.music = False
            self._end(leg)

    def _make_leg(self, phone: Endpoint) -> OperatorLeg:
        inherited = {
            name: value for name, value in self.caller.variables.items() if name.startswith("MADOGUCHI_")
        }
        peer = Channel(
            id=self.server.new_id(),
            name=f"PJSIP/{phone.extension}-{len(self.server.channels):08x}",
            party=NoOne(),
            caller=phone.extension,
            created=self.server.wall(),
            state="Down",
            context="from-operators",
            app="AppDial",
            variables=inherited,
        )
        leg = OperatorLeg(peer, self.caller)
        self.server.channels[peer.id] = peer
        peer.party = phone.invite(leg)
        return leg

    async def _ring(self, leg: OperatorLeg, deadline: float) -> str:
        while True:
            word = await leg.next(deadline)
            if word is None:
                self._tell("NOANSWER", leg)
                return "NOANSWER"
            if word == ANSWER:
                return "ANSWER"
            if word == RINGING:
                leg.channel.state = "Ringing"
                self._tell("RINGING", leg)
            elif word in _REFUSALS:
                self._tell(_REFUSALS[word], leg)
                return _REFUSALS[word]

    async def _connect(self, leg: OperatorLeg, phone: Endpoint) -> None:
        leg.channel.state = "Up"
        await self.caller.wait(self.server.network.step())
        self._tell("ANSWER", leg)
        with self.server.bridged(self.caller, leg.channel, phone.extension):
            while (word := await leg.next()) not in (BYE, _DELETED):
                if word in (HOLD, UNHOLD):
                    self.server.manager.tell_hold(leg.channel, self.caller, held=word == HOLD)
        self.phone_hung_up = word == BYE

    def _tell(self, status: str, leg: OperatorLeg) -> None:
        self.server.application.publish(
            self.caller, "Dial", dialstatus=status, caller=self.caller.json(), peer=leg.channel.json()
        )

    def _end(self, leg: OperatorLeg) -> None:
        leg.channel.wakes.clear()
        leg.channel.hang_up(NORMAL)
        self.server.channels.pop(leg.channel.id, None)
        leg.channel.party.ended()
