"""FastAGI: Asterisk connects here for one caller, and does and plays what it is told until we hang up.

panoramisk speaks the protocol (`Request`). Its server is not used: at a connection that ends within the
header it spins for ever and stops every other caller, and it swallows its own cancellation.
Source: Asterisk's ``res_agi``, ``agi show commands``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from panoramisk.fast_agi import Request

LONGEST_HEADER = 16_384
SESSION_LIMIT_S = 180.0
"""Far longer than anybody needs; so nothing stays for ever."""

_ERROR, _NOT_DONE = "error", "AGIAppError"
_SET = "1"
_TIMES_MS = 1_000
log = structlog.get_logger(__name__)


class HungUp(Exception):
    """The caller left, or Asterisk did."""


class Session:
    """One caller. Sounds are paths without ending, keys are characters; every method raises `HungUp`."""

    def __init__(self, request: Request, headers: Mapping[str, str]) -> None:
        self._request = request
        self.headers = headers

    async def answer(self) -> None:
        """Answer; nothing happens to a call that is answered."""
        await self._ask("ANSWER")

    async def play(self, sound: str, keys: str) -> str:
        """Play *sound* until its end or until one of *keys* is pressed; return that key, or nothing.

        A sound that is missing is passed over. Asterisk answers -1 as it does when the caller has left; who
        has left is found out by the next command.
        """
        answer = await self._request.send_command(f'STREAM FILE "{sound}" "{keys}"')
        return "" if answer.get(_ERROR) == _NOT_DONE else _key(_result(sound, answer))

    async def wait_for_key(self, seconds: float) -> str:
        """Return the key pressed within *seconds*, or nothing."""
        return _key(await self._ask(f"WAIT FOR DIGIT {round(seconds * _TIMES_MS)}"))

    async def digits(self, sound: str, seconds: float, most: int) -> str:
        """Play *sound*, return what is typed: *most* keys or until ``#``; *seconds* is the longest pause."""
        return await self._ask(f'GET DATA "{sound}" {round(seconds * _TIMES_MS)} {most}')

    async def variable(self, name: str) -> str:
        """Return a channel variable; empty when it is not set."""
        answer = await self._request.send_command(f"GET VARIABLE {name}")
        return str(answer["result"][1]) if _result(name, answer) == _SET else ""

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable."""
        await self._ask(f'SET VARIABLE {name} "{value}"')

    async def _ask(self, command: str) -> str:
        return _result(command, await self._request.send_command(command))


def _result(command: str, answer: Mapping[str, Any]) -> str:
    if _ERROR in answer:
        raise HungUp(f"{command}: {answer.get('msg', '')}")
    result: str = answer["result"][0]
    return result


def _key(result: str) -> str:
    return chr(int(result)) if result not in {"", "0"} else ""


Talk = Callable[[Session], Awaitable[None]]


async def serve(talk: Talk) -> asyncio.Server:
    """Listen on a free loopback port and let *talk* speak with each caller."""

    async def caller(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SESSION_LIMIT_S):
                await talk(await _session(reader, writer))
        except (HungUp, EOFError, OSError, TimeoutError, ValueError, asyncio.LimitOverrunError) as error:
            # EOF, or a line that is no answer: the other side is gone or is not Asterisk.
            log.info("rescue.session_ended", reason=repr(error))
        finally:
            writer.close()

    return await asyncio.start_server(caller, "127.0.0.1", 0, limit=LONGEST_HEADER)


async def _session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Session:
    header = (await reader.readuntil(b"\n\n")).decode("utf-8", "replace")
    headers = dict(line.split(": ", 1) for line in header.splitlines() if ": " in line)
    return Session(Request(app=None, headers=headers, reader=reader, writer=writer), headers)
