"""An operator's telephone: registers, rings, is answered, turned down or left ringing, and hangs up.

What a phone does with a call is data (`Behaviour`), so that a storm is a list of behaviours.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from madoguchi.demo.phones.digest import authorization
from madoguchi.demo.phones.endpoint import Address, Endpoint, NoAnswerError, Repeat, new_tag
from madoguchi.demo.phones.ledger import Ledger
from madoguchi.demo.phones.leg import Dialog, EndedBy, Leg
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.phones.sip import Message, uri_of, user_of

UNAUTHORIZED = 401
EXPIRES_S = 300
REFRESH_S = EXPIRES_S / 2
"""As telephones do: a registration that nobody renews ends, and with it the calls for this phone."""


class RegistrationError(Exception):
    """The centre did not accept the phone."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a phone registers with."""

    extension: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Pick up after *after_s*; hang up after talking *talk_s*, or leave that to the caller (``None``)."""

    after_s: float = 0.0
    talk_s: float | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Turn the call down after *after_s*: 486 busy here, 603 decline, 480 do not disturb."""

    status: int = 486
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RingOut:
    """Nobody is there: let it ring."""


Behaviour = Answer | Reject | RingOut


@dataclass(eq=False)
class Ring(Leg):
    """A call at an operator's phone. *caller* is the number shown on it."""

    invite: Message = field(kw_only=True)
    tag: str = field(default_factory=new_tag)
    _repeat: Repeat | None = field(default=None, repr=False)
    _timer: asyncio.TimerHandle | None = field(default=None, repr=False)
    _acknowledged: bool = False
    _leaves: bool = False

    @property
    def caller(self) -> str:
        """The number that the phone shows."""
        return user_of(self.invite.get("From"))

    def behave(self, behaviour: Behaviour) -> None:
        """Ring, and do as told."""
        self.endpoint.reply(self.invite, 180, tag=self.tag, more=(self.contact,))
        self.times.rang = time.time()
        self.ringing.set()
        loop = asyncio.get_running_loop()
        if isinstance(behaviour, Answer):
            self._timer = loop.call_later(behaviour.after_s, self.answer, behaviour.talk_s)
        elif isinstance(behaviour, Reject):
            self._timer = loop.call_later(behaviour.after_s, self.reject, behaviour.status)

    def answer(self, talk_s: float | None = None) -> None:
        """Pick up; the 200 is repeated until the ACK (RFC 3261 13.3.1.4)."""
        if self.over.is_set() or self.answered.is_set():
            return
        more = (self.contact, ("Content-Type", "application/sdp"))
        body = self.description()
        self._repeat = Repeat(
            lambda: self.endpoint.reply(self.invite, 200, tag=self.tag, more=more, body=body),
            on_silence=super().hang_up,
        )
        self.status, self.times.answered = 200, time.time()
        self.connect(self.invite.body)
        self.answered.set()
        if talk_s is not None:
            self._timer = asyncio.get_running_loop().call_later(talk_s, self.hang_up)

    def hang_up(self) -> None:
        """Send BYE; whoever was called waits for the ACK before that (RFC 3261 section 15).

        Asterisk overlooks one that comes sooner, and the caller would go on talking to nobody.
        """
        if self.answered.is_set() and not self._acknowledged:
            self._leaves = True
        else:
            super().hang_up()

    def reject(self, status: int = 486) -> None:
        """Turn the call down."""
        if self.over.is_set() or self.answered.is_set():
            return
        self._final(lambda: self.endpoint.reply(self.invite, status, tag=self.tag))
        self.status = status
        self.ended(time.time(), EndedBy.US)

    def _final(self, send: Callable[[], None]) -> None:
        self._repeat = Repeat(send)

    def handle(self, message: Message, at: float) -> None:
        """Take whatever belongs to this call."""
        if not message.is_request:
            return
        if message.method == "ACK" and self._repeat is not None:
            self._repeat.stop()
            self._acknowledged = True
            if self._leaves:
                self.hang_up()
        elif message.method == "CANCEL":
            self._cancelled(message, at)
        elif message.method == "INVITE" and message.cseq == self.invite.cseq:
            return  # sent again because our answer was late; our own repetition covers it
        else:
            self.in_dialog(message, at)

    def ended(self, at: float, by: EndedBy) -> None:
        """Mark the call as over, once, and forget what was to be done."""
        if self._timer is not None:
            self._timer.cancel()
        super().ended(at, by)

    def _cancelled(self, cancel: Message, at: float) -> None:
        self.endpoint.reply(cancel, 200, tag=self.tag)
        if self.over.is_set() or self.answered.is_set():
            return  # too late: BYE will follow (RFC 3261 9.2)
        self._final(lambda: self.endpoint.reply(self.invite, 487, tag=self.tag))
        self.status = 487
        self.ended(at, EndedBy.THEM)


class CalledPhone:
    """A telephone that is called. *behave* decides on each call; every call is kept in *rings*.

    By itself it is a citizen's behind the carrier, which takes every number: *port* is where the centre's
    calls go.
    """

    def __init__(
        self,
        centre: Address,
        *,
        behave: Callable[[Ring], Behaviour] = lambda _: RingOut(),
        ledger: Ledger | None = None,
        host: str = "127.0.0.2",
        port: int = 0,
    ) -> None:
        self.centre = centre
        self.behave = behave
        self.rings: list[Ring] = []
        self.endpoint = Endpoint(host, port=port, ledger=ledger)
        self.endpoint.on_request = self._request
        self._arrivals: asyncio.Queue[Ring] = asyncio.Queue()

    async def next_ring(self) -> Ring:
        """Wait for the next call at this phone."""
        return await self._arrivals.get()

    def close(self) -> None:
        """Pull the plug."""
        self.endpoint.close()

    def _request(self, request: Message, at: float) -> None:
        if request.method == "INVITE":
            self._ring(request, at)
        elif request.method in {"OPTIONS", "NOTIFY"}:
            self.endpoint.reply(request, 200)
        elif request.method != "ACK":
            self.endpoint.reply(request, 481)

    def _ring(self, invite: Message, at: float) -> None:
        tag = new_tag()
        local, remote = f"{invite.get('To')};tag={tag}", invite.get("From")
        dialog = Dialog(invite.call_id, local, remote, uri_of(invite.get("Contact")), self.centre)
        ring = Ring(self.endpoint, dialog, Sound(self.endpoint.address[0]), invite=invite, tag=tag)
        ring.times.invited = at
        self.endpoint.attach(invite.call_id, ring.handle)
        self.rings.append(ring)
        ring.behave(self.behave(ring))
        self._arrivals.put_nowait(ring)


class Phone(CalledPhone):
    """An operator's telephone, which registers."""

    def __init__(
        self,
        account: Account,
        centre: Address,
        *,
        behave: Callable[[Ring], Behaviour] = lambda _: RingOut(),
        ledger: Ledger | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        super().__init__(centre, behave=behave, ledger=ledger, host=host)
        self.extension = account.extension
        self._password = account.password
        self._registration = (f"{new_tag()}@{host}", new_tag())
        self._cseq = 0
        self._refreshing: asyncio.Task[None] | None = None

    async def register(self, *, expires_s: int = EXPIRES_S) -> None:
        """Tell the centre where this phone is, again and again until `unregister` or `close`.

        Raises `RegistrationError`.
        """
        self._stop_refreshing()
        await self._register_once(expires_s)
        if expires_s:
            self._refreshing = asyncio.create_task(self._refresh(), name=f"registration {self.extension}")

    def close(self) -> None:
        """Let nothing of this phone be left; the centre is told nothing."""
        self._stop_refreshing()
        super().close()

    def _stop_refreshing(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()
            self._refreshing = None

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            with suppress(RegistrationError, NoAnswerError):  # the next one may come through
                await self._register_once(EXPIRES_S)

    async def _register_once(self, expires_s: int) -> None:
        answer = await self.endpoint.transact(self._register(expires_s, ""), self.centre)
        if answer.status == UNAUTHORIZED:
            uri = f"sip:{self.centre[0]}:{self.centre[1]}"
            proof = authorization(
                answer.get("WWW-Authenticate"),
                user=self.extension,
                password=self._password,
                method="REGISTER",
                uri=uri,
            )
            answer = await self.endpoint.transact(self._register(expires_s, proof), self.centre)
        if answer.status != 200:  # noqa: PLR2004 (RFC 3261 10.3)
            raise RegistrationError(f"{self.extension}: {answer.start}")

    async def unregister(self) -> None:
        """Tell the centre that this phone is gone, once the calls that it ended are ended."""
        await self.endpoint.finished()
        await self.register(expires_s=0)

    def _register(self, expires_s: int, proof: str) -> Message:
        self._cseq += 1
        (call_id, tag), (host, port) = self._registration, self.endpoint.address
        me = f"<sip:{self.extension}@{self.centre[0]}:{self.centre[1]}>"
        head = [
            ("From", f"{me};tag={tag}"),
            ("To", me),
            ("Call-ID", call_id),
            ("CSeq", f"{self._cseq} REGISTER"),
        ]
        head += [("Contact", f"<sip:{self.extension}@{host}:{port}>"), ("Expires", str(expires_s))]
        if proof:
            head.append(("Authorization", proof))
        return self.endpoint.request("REGISTER", f"sip:{self.centre[0]}:{self.centre[1]}", head)
