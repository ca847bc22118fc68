"""A citizen who calls through the carrier: places a call, presses keys, speaks, changes their mind."""

import asyncio
import time
from dataclasses import dataclass, field

from madoguchi.demo.phones.endpoint import Address, Endpoint, Repeat, new_branch, new_tag
from madoguchi.demo.phones.leg import Dialog, EndedBy, Leg
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.phones.sip import Headers, Message, uri_of

SDP = ("Content-Type", "application/sdp")
FINAL = 200  # RFC 3261 7.2: from here on an answer is final
REFUSED = 300


@dataclass(eq=False)
class Call(Leg):
    """A call that this phone placed. `status` is the final SIP status, 200 when it was answered."""

    invite: Message = field(kw_only=True)
    _repeat: Repeat | None = field(default=None, repr=False)
    _cancelled: bool = False

    def start(self) -> None:
        """Send the INVITE, and send it again until somebody reacts."""
        self.times.invited = time.time()
        self.endpoint.attach(self.call_id, self._handle)
        self._repeat = Repeat(
            lambda: self.endpoint.send(self.invite, self.dialog.peer), on_silence=self._no_reply
        )

    def cancel(self) -> None:
        """Hang up before anybody answered. If an answer crosses it, BYE follows at once."""
        self._cancelled = True
        via = self.invite.get("Via")
        request = self.endpoint.request(
            "CANCEL",
            uri_of(self.invite.get("To")),
            self.dialog.headers("CANCEL", self.invite.cseq),
            branch=via.partition("branch=")[2],
        )
        start = request.start.replace(uri_of(self.invite.get("To")), self.invite.start.split()[1])
        self.endpoint.send(Message(start, request.headers), self.dialog.peer)

    def press(self, keys: str) -> None:
        """Press keys (RFC 4733)."""
        if self.sound is not None:
            self.sound.press(keys)

    def leave(self) -> None:
        """Hang up, however far the call is."""
        if self.answered.is_set():
            self.hang_up()
        else:
            self.cancel()

    def _no_reply(self) -> None:
        self.status = 408
        self.ended(time.time(), EndedBy.US)

    def _handle(self, message: Message, at: float) -> None:
        if message.is_request:
            self.in_dialog(message, at)
        elif message.method == "INVITE":
            self._progress(message, at)

    def _progress(self, answer: Message, at: float) -> None:
        if self._repeat is not None:
            self._repeat.stop()
        if answer.status in {180, 183} and self.times.rang is None:
            self.times.rang = at
            self.connect(answer.body)
            self.ringing.set()
        elif FINAL <= answer.status < REFUSED:
            self._accepted(answer, at)
        elif answer.status >= REFUSED:
            self._acknowledge(
                answer, self.invite.start.split()[1], self.invite.get("Via").partition("branch=")[2]
            )
            self.status = answer.status
            self.ended(at, EndedBy.US if self._cancelled else EndedBy.THEM)

    def _accepted(self, answer: Message, at: float) -> None:
        self.dialog.remote, self.dialog.target = answer.get("To"), uri_of(answer.get("Contact"))
        self._acknowledge(answer, self.dialog.target, new_branch())
        if self.answered.is_set():
            return  # it was sent again because our ACK was late
        self.status, self.times.answered = answer.status, at
        self.connect(answer.body)
        self.answered.set()
        if self._cancelled:
            self.hang_up()

    def _acknowledge(self, answer: Message, uri: str, branch: str) -> None:
        head: Headers = (
            ("From", self.dialog.local),
            ("To", answer.get("To")),
            ("Call-ID", self.call_id),
            ("CSeq", f"{answer.cseq} ACK"),
        )
        self.endpoint.send(self.endpoint.request("ACK", uri, head, branch=branch), self.dialog.peer)


class Carrier:
    """Where callers come from: one address that the centre takes for its carrier (127.0.0.2)."""

    def __init__(self, centre: Address, *, host: str = "127.0.0.2", endpoint: Endpoint | None = None) -> None:
        self.centre = centre
        self.endpoint = endpoint or Endpoint(host)
        self.calls: list[Call] = []

    def call(self, dialled: str, *, caller: str | None, sound: bool = True, more: Headers = ()) -> Call:
        """Place a call to *dialled* from *caller*; ``None`` withholds the number (RFC 3323, RFC 3325)."""
        host, _ = self.endpoint.address
        call_id, tag = f"{new_tag()}@{host}", new_tag()
        shown = f"<sip:{caller}@{host}>" if caller else '"Anonymous" <sip:anonymous@anonymous.invalid>'
        asserted: Headers = (("P-Asserted-Identity", shown),) if caller else (("Privacy", "id"),)
        target = f"sip:{dialled}@{self.centre[0]}:{self.centre[1]}"
        dialog = Dialog(call_id, f"{shown};tag={tag}", f"<{target}>", target, self.centre)
        invite, ear = self._invite(dialog, sound=sound, more=(*asserted, *more))
        call = Call(self.endpoint, dialog, ear, invite=invite)
        self.calls.append(call)
        call.start()
        return call

    def _invite(self, dialog: Dialog, *, sound: bool, more: Headers) -> tuple[Message, Sound | None]:
        host, port = self.endpoint.address
        ear = Sound(host) if sound else None
        leg = Leg(self.endpoint, dialog, ear)
        head = (*dialog.headers("INVITE"), ("Contact", f"<sip:caller@{host}:{port}>"), SDP, *more)
        return self.endpoint.request("INVITE", dialog.target, head, body=leg.description()), ear

    async def close(self) -> None:
        """Hang up what is still up and stop listening."""
        live = [call for call in self.calls if not call.over.is_set()]
        for call in live:
            call.leave()
        await asyncio.gather(*(call.over.wait() for call in live))
        await self.endpoint.finished()
        self.endpoint.close()
