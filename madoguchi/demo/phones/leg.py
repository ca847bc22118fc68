"""One call as a phone sees it: the dialog, its sound and its milestones (RFC 3261 section 12).

What both ends share. How a call begins differs: see `caller` and `operator`.
"""

import asyncio
import time
from dataclasses import dataclass, field
from enum import StrEnum

from madoguchi.demo.phones import sdp, tones
from madoguchi.demo.phones.endpoint import Address, Endpoint
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.phones.sip import Headers, Message


class EndedBy(StrEnum):
    """Whose hand ended a call, seen from this phone."""

    US = "us"
    THEM = "them"


@dataclass(slots=True)
class Milestones:
    """Epoch seconds, ``None`` until it happened."""

    invited: float | None = None
    rang: float | None = None
    answered: float | None = None
    ended: float | None = None


@dataclass(slots=True)
class Dialog:
    """What every request inside the call carries (RFC 3261 12.1)."""

    call_id: str
    local: str
    remote: str
    target: str
    peer: Address
    cseq: int = 0

    def headers(self, method: str, cseq: int | None = None) -> Headers:
        """From, To, Call-ID and CSeq of the next request, or of the one with *cseq*."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        head = (("From", self.local), ("To", self.remote))
        return (*head, ("Call-ID", self.call_id), ("CSeq", f"{cseq} {method}"))


@dataclass(eq=False)
class Leg:
    """A call at one phone. Wait for *ringing*, *answered* and *over*; read *times* afterwards."""

    endpoint: Endpoint
    dialog: Dialog
    sound: Sound | None
    times: Milestones = field(default_factory=Milestones)
    ringing: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: EndedBy | None = None
    status: int = 0

    @property
    def call_id(self) -> str:
        """The SIP Call-ID of this leg."""
        return self.dialog.call_id

    @property
    def contact(self) -> tuple[str, str]:
        """The Contact header of this phone."""
        host, port = self.endpoint.address
        return ("Contact", f"<sip:phone@{host}:{port}>")

    def description(self) -> bytes:
        """The session description of this end."""
        port = self.sound.port if self.sound else 9  # RFC 863: sound for nobody
        return sdp.describe(self.endpoint.address[0], port)

    def connect(self, body: bytes) -> None:
        """Send sound to where *body* says."""
        media = sdp.read(body)
        if self.sound is not None and media is not None:
            self.sound.connect(media)

    def say(self, hertz: float) -> None:
        """Speak with a pure tone until told otherwise."""
        if self.sound is not None:
            self.sound.play(tones.tone(hertz))

    def hang_up(self) -> None:
        """Send BYE now; the answer is awaited in the background."""
        if self.over.is_set():
            return
        bye = self.endpoint.request("BYE", self.dialog.target, self.dialog.headers("BYE"))
        self.endpoint.finish(bye, self.dialog.peer)
        self.ended(time.time(), EndedBy.US)

    async def settled(self) -> None:
        """Wait until our BYE, if we sent one, was answered or given up."""
        await self.endpoint.finished()

    def ended(self, at: float, by: EndedBy) -> None:
        """Mark the call as over, once."""
        if self.over.is_set():
            return
        self.times.ended, self.ended_by = at, by
        if self.sound is not None:
            self.sound.close()
        self.over.set()

    def in_dialog(self, request: Message, at: float) -> None:
        """Answer a request inside the call: BYE ends it, INVITE describes it anew, others get OK."""
        if request.method == "ACK":
            return
        if request.method == "INVITE":
            self.connect(request.body)
            more = (self.contact, ("Content-Type", "application/sdp"))
            self.endpoint.reply(request, 200, more=more, body=self.description())
            return
        self.endpoint.reply(request, 200)
        if request.method == "BYE":
            self.ended(at, EndedBy.THEM)
