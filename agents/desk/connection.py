"""One socket of one person: it follows the person's log (`agents.desk.follower`), and reads their requests.

A socket that cannot take messages as fast as they come is cut off: it comes back and resumes, and nobody
else waits for it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from agents.audit.entry import Entry, shown
from agents.desk.actions import Refusal, act, read
from agents.desk.desk import OperatorDesk
from agents.desk.follower import Follower
from agents.desk.requests import Request
from agents.roles import Role

HEARTBEAT_S = 20.0
LARGEST_REQUEST = 16 * 1024
LARGEST_FRAME = 64 * 1024
"""Above `LARGEST_REQUEST` a message gets a sentence; above `LARGEST_FRAME` the socket is closed unread."""

REQUESTS_PER_WINDOW = 100
WINDOW_S = 10.0
"""A person cannot press more keys than this; a program that does is put off."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits at this desk, and where (an address)."""

    user: str
    role: Role
    source: str


class DeskConnection:
    """Serves one socket until it closes.

    *transport* is the socket's own; *note* takes what goes into the audit trail and never blocks.
    """

    def __init__(
        self,
        desk: OperatorDesk,
        socket: web.WebSocketResponse,
        who: Sitting,
        transport: asyncio.WriteTransport,
        note: Callable[[Entry], None],
    ) -> None:
        self._desk, self._socket, self._who = desk, socket, who
        self._user, self._role = who.user, who.role
        self._note = note
        self._log = desk.audience.enter(who.user, who.role)
        self._follower = Follower(self._log, transport, who.user)
        self._requests: deque[float] = deque(maxlen=REQUESTS_PER_WINDOW)

    async def serve(self, resume_from: int | None) -> None:
        """Go on after *resume_from*, or begin with a snapshot, and serve until the socket closes."""
        try:
            self._begin(resume_from)
            await self._read()
        finally:
            self._follower.end()

    async def close(self) -> None:
        """Send the person away: signed out, taken off the roster, or the program ends."""
        self._follower.end()  # no frame may follow the close
        await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"signed out")

    def _begin(self, resume_from: int | None) -> None:
        if resume_from is not None and self._log.after(resume_from) is not None:
            self._follower.begin(resume_from)
            self._answer("info", "resumed", "接続が戻りました。")
        else:
            self._follower.answer(self._desk.snapshot(self._user, self._role))
            self._follower.begin(self._log.last_seq)

    def _answer(self, level: str, code: str, text: str, ref: object = None) -> None:
        self._follower.answer(self._desk.notice(level, code, text, ref))

    # --- reading ---------------------------------------------------------------------------------

    async def _read(self) -> None:
        async for message in self._socket:
            if self._is_flood():
                self._follower.end()
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"too many messages")
                return
            if message.type is WSMsgType.TEXT:
                self._take(message.data)
            elif message.type is WSMsgType.BINARY:
                self._answer("problem", "not-text", "文字以外の内容は受け付けません。")

    def _take(self, text: str) -> None:
        if len(text) > LARGEST_REQUEST:
            self._answer("problem", "too-large", "送信された内容が大きすぎます。")
            return
        try:
            request = read(text)
        except Refusal as refusal:
            self._answer("problem", refusal.code, refusal.text, refusal.ref)
        else:
            self._carry_out(request)

    def _carry_out(self, request: Request) -> None:
        result = "ok"
        try:
            answer = act(self._desk, self._user, request)
        except Refusal as refusal:
            result = f"refused: {refusal.code}"
            self._answer("problem", refusal.code, refusal.text, refusal.ref)
        else:
            if answer is not None:
                self._answer("info", answer.code, answer.text, answer.ref)
        self._note(self._entry(request, result))

    def _entry(self, request: Request, result: str) -> Entry:
        fields = request.model_dump(mode="json", exclude={"type", "ref"}, exclude_none=True)
        about = str(fields.pop("call", None) or fields.pop("offer", None) or "desk")
        who = self._who
        return Entry(who.user, who.role, f"desk.{request.type}", about, who.source, result, shown(fields))

    def _is_flood(self) -> bool:
        now = time.monotonic()
        full = len(self._requests) == REQUESTS_PER_WINDOW and now - self._requests[0] < WINDOW_S
        self._requests.append(now)
        return full
