"""SIPp as callers and phones: scenarios composed of a few steps, processes started and awaited one by one.

SIPp's own language is XML (sipp.readthedocs.io, "Create your own XML scenarios"); the steps below write it.
A caller speaks from 127.0.0.2, which the trunk is recognised by.
"""

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

from tests.asterisk_fixture import RunningAsterisk, free_port

CARRIER = "127.0.0.2"
LIMIT_S = 20

_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="test">\n'
_INVITE_BRANCH = "z9hG4bK-[pid]-[call_number]-invite"
"""A CANCEL and the ACK of a refusal belong to the transaction of the INVITE (RFC 3261, 9.1, 17.1.1.3)."""

_SDP = """
v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 0 96
a=rtpmap:0 PCMU/8000
a=rtpmap:96 telephone-event/8000
a={direction}
"""
_REMEMBER = """<action>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="ours"/>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="theirs"/>
</action>"""
"""Both ends of a call, as a phone's own requests need them."""

_USED = '<Reference variables="ours,theirs"/>\n'
"""SIPp refuses a scenario with a variable that nothing uses."""


def _send(text: str, attributes: str = "") -> str:
    return f"<send {attributes}><![CDATA[\n{text}\n]]></send>\n"


def _request(method: str, number: int, *, branch: str = "[branch]", extra: str = "", body: str = "") -> str:
    """Compose a request of the calling side. *number* is the CSeq; *extra* are whole header lines."""
    return (
        f"{method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0\n"
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];"
        f"branch={branch}\n"
        "From: @CALLER@;tag=[call_number]\n"
        "To: <sip:[service]@[remote_ip]>[peer_tag_param]\n"
        "Call-ID: [call_id]\n"
        f"CSeq: {number} {method}\n"
        "Contact: <sip:caller@[local_ip]:[local_port]>\n"
        f"Max-Forwards: 70\n{extra}{_body(body)}"
    )


def _body(body: str) -> str:
    kind = "Content-Type: application/sdp\n" if body else ""
    return f"{kind}Content-Length: [len]\n{body}"


def invite(extra: str = "") -> str:
    """Send the INVITE of a caller."""
    offer = _SDP.format(direction="sendrecv")
    return _send(_request("INVITE", 1, branch=_INVITE_BRANCH, extra=extra, body=offer), 'retrans="500"')


def provisional() -> str:
    """Let 100, 180 and 183 pass."""
    return "".join(f'<recv response="{code}" optional="true"/>\n' for code in (100, 180, 183))


def expect(code: int) -> str:
    """Wait for this response; another one fails the scenario."""
    return f'<recv response="{code}" rtd="true" rrs="true"/>\n'


def ack() -> str:
    """Acknowledge the answer."""
    return _send(_request("ACK", 1))


def be_refused(code: int) -> str:
    """Wait for this refusal and acknowledge it."""
    return expect(code) + _send(_request("ACK", 1, branch=_INVITE_BRANCH))


def pause(milliseconds: int) -> str:
    """Stay as it is for so long."""
    return f'<pause milliseconds="{milliseconds}"/>\n'


def keys(digits: str) -> str:
    """Press keys as RFC 4733 events."""
    return f'<nop><action><exec play_dtmf="{digits}"/></action></nop>\n'


def hang_up() -> str:
    """End the call with a BYE."""
    return _send(_request("BYE", 2), 'retrans="500"') + expect(200)


def cancel() -> str:
    """Give up before the answer: CANCEL, then the 487 of the INVITE."""
    return _send(_request("CANCEL", 1, branch=_INVITE_BRANCH)) + expect(200) + be_refused(487)


def await_bye() -> str:
    """Wait until the other side ends the call."""
    return '<recv request="BYE"/>\n' + reply("200 OK")


def reply(status: str, *, body: str = "", attributes: str = "") -> str:
    """Answer the request that came last."""
    return _send(
        f"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:];tag=[call_number]\n"
        "[last_Call-ID:]\n[last_CSeq:]\n"
        f"Contact: <sip:phone@[local_ip]:[local_port]>\n{_body(body)}",
        attributes,
    )


def await_invite() -> str:
    """Wait for a call, as a phone."""
    return '<recv request="INVITE" crlf="true"/>\n' + reply("100 Trying")


def ring() -> str:
    """Ring, as a phone."""
    return reply("180 Ringing")


def pick_up() -> str:
    """Answer the call, as a phone."""
    answered = reply("200 OK", body=_SDP.format(direction="sendrecv"), attributes='retrans="500"')
    return answered + f'<recv request="ACK">{_REMEMBER}</recv>\n{_USED}'


def await_invite_and_refuse(status: str) -> str:
    """Refuse a call, as a phone, for example with ``486 Busy Here``."""
    return await_invite() + reply(status) + '<recv request="ACK"/>\n'


def _phone_request(method: str, number: int, body: str = "") -> str:
    """Compose a request of a phone inside the call that it picked up."""
    return (
        f"{method} sip:[remote_ip]:[remote_port] SIP/2.0\n"
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        "From: [$ours]\nTo: [$theirs]\nCall-ID: [call_id]\n"
        f"CSeq: {number} {method}\nContact: <sip:phone@[local_ip]:[local_port]>\n"
        f"Max-Forwards: 70\n{_body(body)}"
    )


def hang_up_phone() -> str:
    """End the call, as a phone."""
    return _send(_phone_request("BYE", 9), 'retrans="500"') + expect(200)


def hold(direction: str, number: int) -> str:
    """Put the caller on hold (``sendonly``) or take them back (``sendrecv``), as a phone."""
    again = _send(_phone_request("INVITE", number, _SDP.format(direction=direction)), 'retrans="500"')
    return again + provisional() + expect(200) + _send(_phone_request("ACK", number))


def send_voice(file: Path) -> str:
    """Send the µ-law samples of *file* as RTP, over and over."""
    return f'<nop><action><exec rtp_stream="{file},-1,0"/></action></nop>\n'


def be_cancelled() -> str:
    """Wait for the CANCEL of a call that was not answered."""
    cancelled = '<recv request="CANCEL"/>\n' + reply("200 OK")
    terminated = reply("487 Request Terminated").replace("[last_CSeq:]", "CSeq: [cseq] INVITE")
    return cancelled + terminated + '<recv request="ACK"/>\n'


def register(expires: int) -> str:
    """Register the phone with digest authentication (RFC 3261 section 22), or end that with 0 seconds."""

    def attempt(number: int, credentials: str) -> str:
        return _send(
            "REGISTER sip:[remote_ip]:[remote_port] SIP/2.0\n"
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
            "From: <sip:[service]@[remote_ip]>;tag=[call_number]\n"
            "To: <sip:[service]@[remote_ip]>\n"
            f"Call-ID: [call_id]\nCSeq: {number} REGISTER\n"
            "Contact: <sip:[service]@[local_ip]:[local_port]>\n"
            f"Max-Forwards: 70\nExpires: {expires}\n{credentials}Content-Length: 0\n",
            'retrans="500"',
        )

    challenged = '<recv response="401" auth="true"/>\n'
    credentials = "[authentication username=@USER@ password=@PASSWORD@]\n"
    return attempt(1, "") + challenged + attempt(2, credentials) + '<recv response="200"/>\n'


@dataclass
class Sipp:
    """One SIPp process that plays *steps* once."""

    process: asyncio.subprocess.Process
    messages: Path

    async def finish(self) -> str:
        """Wait until the scenario is over and return its messages; fail when it did not go as written."""
        async with asyncio.timeout(LIMIT_S + 5):
            code = await self.process.wait()
        text = self.messages.read_text() if self.messages.exists() else ""
        assert code == 0, f"SIPp ended with {code}:\n{text}"
        return text

    async def stop(self) -> None:
        """Stop a scenario that is not over; a finished one stays as it is."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@dataclass
class SippRoom:
    """Starts callers and phones against one Asterisk and cleans up after them."""

    asterisk: RunningAsterisk
    directory: Path
    started: list[Sipp] = field(default_factory=list)
    registered: dict[str, int] = field(default_factory=dict)

    async def call(
        self, *steps: str, number: str = "0120123456", caller: str = "<sip:09011112222@127.0.0.2>"
    ) -> Sipp:
        """Start a caller who dials *number*."""
        text = "".join(steps).replace("@CALLER@", caller)
        return await self._start(text, number, CARRIER, free_port(socket.SOCK_DGRAM))

    async def register(self, extension: str, port: int, expires: int = 300) -> None:
        """Register the phone *extension*, which listens at *port*; 0 seconds unregister it."""
        text = (
            register(expires).replace("@USER@", extension).replace("@PASSWORD@", self.asterisk.phone_password)
        )
        done = await self._start(text, extension, "127.0.0.1", port)
        await done.finish()
        self.registered[extension] = port
        if not expires:
            del self.registered[extension]

    async def phone(self, extension: str, *steps: str) -> Sipp:
        """Register a phone that then takes one call with *steps*."""
        port = free_port(socket.SOCK_DGRAM)
        await self.register(extension, port)
        return await self._start("".join(steps), extension, "127.0.0.1", port)

    async def citizen(self, *steps: str) -> Sipp:
        """Start a telephone behind the carrier, where the centre's own calls go."""
        return await self._start("".join(steps), "citizen", CARRIER, self.asterisk.sip_port)

    async def _start(self, steps: str, service: str, address: str, port: int) -> Sipp:
        name = f"{len(self.started)}-{service}"
        scenario, messages = self.directory / f"{name}.xml", self.directory / f"{name}.log"
        scenario.write_text(f"{_HEAD}{steps}</scenario>\n")
        where = ["-i", address, "-mi", address, "-p", str(port), "-s", service]
        ends = ["-m", "1", "-timeout", f"{LIMIT_S}s", "-timeout_error", "-nostdin"]
        process = await asyncio.create_subprocess_exec(
            "sipp",
            f"127.0.0.1:{self.asterisk.sip_port}",
            *[
                "-sf",
                str(scenario),
                "-trace_msg",
                "-message_file",
                str(messages),
                "-message_overwrite",
                "true",
            ],
            *where,
            *ends,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        sipp = Sipp(process, messages)
        self.started.append(sipp)
        return sipp

    async def close(self) -> None:
        """Stop what still runs, end every call and every registration, so that the next test finds none."""
        for sipp in self.started:
            await sipp.stop()
        self.asterisk.cli("channel request hangup all")
        for extension, port in list(self.registered.items()):
            await self.register(extension, port, expires=0)
