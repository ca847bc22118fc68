"""A request sent twice with the same ``Idempotency-Key`` is carried out once and answered twice the same.

Remembered in memory for the last thousand requests; after a restart the database's constraints still keep
things from being created twice. What was refused is not remembered: it may be tried again.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware

from agents.web.identity import CALLER
from agents.web.problems import Problem
from agents.web.routes import READS, Handler

REMEMBERED = 1_000
LONGEST_KEY = 200
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")


@dataclass(slots=True)
class _Once:
    """One key: the request it belongs to, and the answer once there is one."""

    digest: bytes
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: tuple[int, bytes, str] | None = None


def answer_repeats() -> Middleware:
    """Return the middleware; it stands after the one that knows who asks."""
    seen: dict[tuple[str, str, str], _Once] = {}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        key, caller = request.headers.get("Idempotency-Key"), request.get(CALLER)
        if key is None or caller is None or request.method in READS:
            return await handler(request)
        if not _KEY.fullmatch(key):
            detail = f"Idempotency-Key must have 1 to {LONGEST_KEY} visible ASCII characters."
            raise Problem(HTTPStatus.BAD_REQUEST, "bad-key", detail)
        digest = hashlib.sha256(await request.read()).digest()
        if len(seen) >= REMEMBERED:
            del seen[next(iter(seen))]
        once = seen.setdefault((caller.user, f"{request.method} {request.path}", key), _Once(digest))
        if once.digest != digest:
            detail = "This Idempotency-Key was used for another request."
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", detail)
        return await _once(once, request, handler)

    return middleware


async def _once(once: _Once, request: web.Request, handler: Handler) -> web.StreamResponse:
    async with once.busy:
        if once.answer is None:
            response = await handler(request)
            if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
                return response
            once.answer = (response.status, response.body, response.content_type)
            return response
        status, body, content_type = once.answer
        return web.Response(status=status, body=body, content_type=content_type)
