"""A browser's telephone, as far as SIP goes: registers over WebSocket (RFC 7118) and turns calls down."""

import asyncio
from types import TracebackType
from typing import Self

import aiohttp

from madoguchi.demo.phones.digest import authorization
from madoguchi.demo.phones.endpoint import new_branch, new_tag
from madoguchi.demo.phones.sip import Headers, Message, parse, respond
from tests.asterisk_fixture import RunningAsterisk
from tests.integration.dialplan.driver import LIMIT_S

URI = "sip:127.0.0.1"
UNAUTHORIZED, BUSY = 401, 486


class Browser:
    """Registered while entered. Calls that come are kept in *invites* and turned down."""

    def __init__(self, asterisk: RunningAsterisk, extension: str) -> None:
        self._address = f"http://127.0.0.1:{asterisk.ari_port}/ws"
        self._extension, self._password = extension, asterisk.phone_password
        self._me = f"<sip:{extension}@127.0.0.1>"
        self._call_id, self._tag, self._host = new_tag(), new_tag(), f"{new_tag()}.invalid"
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self.invites: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(self._address, protocols=("sip",))
        self._listening = asyncio.create_task(self._listen(), name="browser")
        assert await self._register() == 200
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        await self._listening
        await self._session.close()

    async def next_invite(self) -> Message:
        """Return the next call."""
        return await asyncio.wait_for(self.invites.get(), LIMIT_S)

    async def _register(self) -> int:
        challenge = await self._ask(1, ())
        assert challenge.status == UNAUTHORIZED
        proof = authorization(
            challenge.get("WWW-Authenticate"),
            user=self._extension,
            password=self._password,
            method="REGISTER",
            uri=URI,
        )
        return (await self._ask(2, (("Authorization", proof),))).status

    async def _ask(self, number: int, more: Headers) -> Message:
        head = (
            ("Via", f"SIP/2.0/WS {self._host};branch={new_branch()}"),
            ("Max-Forwards", "70"),
            ("From", f"{self._me};tag={self._tag}"),
            ("To", self._me),
            ("Call-ID", self._call_id),
            ("CSeq", f"{number} REGISTER"),
            ("Contact", f"<sip:{new_tag()}@{self._host};transport=ws>"),
            *more,
        )
        await self._socket.send_str(Message(f"REGISTER {URI} SIP/2.0", head).encode().decode())
        return await asyncio.wait_for(self._answers.get(), LIMIT_S)

    async def _listen(self) -> None:
        async for frame in self._socket:
            message = parse(frame.data if isinstance(frame.data, bytes) else frame.data.encode())
            if not message.is_request:
                self._answers.put_nowait(message)
            elif message.method == "INVITE":
                self.invites.put_nowait(message)
                await self._socket.send_str(respond(message, BUSY, tag=new_tag()).encode().decode())
            elif message.method != "ACK":
                await self._socket.send_str(respond(message, 200, tag=new_tag()).encode().decode())
