"""A small HTTP server that answers as a test tells it: for what a healthy Asterisk never does."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

SILENCE = web.Response(status=599)
"""Stands for no answer at all."""


@dataclass
class Server:
    """Answers requests from *answers*, in order; *seen* has every ``METHOD path?query``."""

    answers: deque[web.Response] = field(default_factory=deque)
    seen: list[str] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    url: str = ""
    _runner: web.AppRunner | None = None

    def will(self, *answers: web.Response) -> None:
        """Answer the next requests with these."""
        self.answers.extend(answers)

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/ari"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen.append(f"{request.method} {request.path_qs}")
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        answer = self.answers.popleft()
        if answer is SILENCE:
            await asyncio.Event().wait()
        return answer


def said(status: int, body: object = None) -> web.Response:
    """Return an answer with JSON."""
    return web.Response(status=status) if body is None else web.json_response(body, status=status)
