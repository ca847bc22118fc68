"""One AMI connection, used once: panoramisk's protocol without its wish to live for ever.

panoramisk 1.4 keeps actions while disconnected and sends them again after a reconnect (a transfer could
happen twice), reconnects by itself also after a wrong password, and never looks at the answers to its pings.
So a link never reconnects and never repeats: once it is gone, everything waiting for it fails, and a new link
is made by ``telephony.asterisk.manager``.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import panoramisk
from panoramisk.message import Message

from telephony.asterisk.errors import LoginRefused, Refused, Unavailable

Address = tuple[str, int]
"""Host and port."""

Fields = Mapping[str, str]
_Answer = TypeVar("_Answer")

NEVER_S = 10**8
"""Three years: panoramisk's own pings are switched off, because it does not read what they answer."""

_LINE_BREAKS = ("\r", "\n")


class Link(panoramisk.Manager):
    """A connection that has its end in *gone*, and hands events on by name."""

    def __init__(self, address: Address, user: str, password: str, *, limit_s: float) -> None:
        super().__init__(
            host=address[0],
            port=address[1],
            username=user,
            secret=password,
            events="system",
            ping_delay=NEVER_S,
            ping_interval=NEVER_S,
        )
        self.gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._limit_s = limit_s
        self._listeners: dict[str, Callable[[Fields], None]] = {}
        self._booted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.forward(["FullyBooted"], self._note_boot)

    async def open(self) -> None:
        """Connect, sign in and wait until Asterisk is fully booted: before, it does not know all actions.

        Raises `Unavailable`, or `LoginRefused` for a wrong user or password. Close the link then.
        """
        try:
            async with asyncio.timeout(self._limit_s):
                await self.connect()
                await self._sign_in()
                await self._unless_gone(self._booted)
        except (OSError, TimeoutError) as error:
            raise Unavailable(f"No AMI connection: {str(error) or type(error).__name__}") from error

    async def _sign_in(self) -> None:
        """Wait for the answer to the sign-in, which `connection_made` has sent by now."""
        if self.authenticated_future is None:
            raise ConnectionError("the sign-in was not sent")
        if not (await self._unless_gone(self.authenticated_future)).success:
            raise LoginRefused("AMI refused the user or the password.")

    async def ask(self, action: str, **fields: str) -> Sequence[Fields]:
        """Send one action and return its answer: one message, or all of a list.

        Raises `Unavailable` when the answer does not come (it may have been done), `Refused` when it is no.
        """
        if any(mark in value for value in fields.values() for mark in _LINE_BREAKS):
            raise ValueError(f"A line break in a field of {action} would be a second action.")
        if self.gone.done():
            raise Unavailable(f"{action}: the AMI connection is lost.")
        answered = self.send_action({"Action": action, **fields})
        try:
            async with asyncio.timeout(self._limit_s):
                answer = await self._unless_gone(answered)
        except TimeoutError as error:
            raise Unavailable(f"{action} was not answered within {self._limit_s} s.") from error
        return _checked(action, answer if isinstance(answer, list) else [answer])

    async def _unless_gone(self, answered: asyncio.Future[_Answer]) -> _Answer:
        """Wait for *answered*, but no longer than the connection lives."""
        either: set[asyncio.Future[Any]] = {answered, self.gone}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if answered.done():
            return answered.result()
        answered.cancel()
        raise Unavailable(f"The AMI connection was lost: {self.gone.result()}")

    def forward(self, names: Iterable[str], on_event: Callable[[Fields], None]) -> None:
        """Call *on_event* for every event of these names from now on, and nobody else."""
        self._listeners |= dict.fromkeys(names, on_event)

    # --- what panoramisk calls ---------------------------------------------------------------------------

    def connection_made(self, f: asyncio.Future[tuple[Any, Any]]) -> None:
        """Sign in. A failed connect is reported to `open`, which awaits the same task."""
        if f.cancelled() or f.exception():
            self._end("not connected")
        else:
            super().connection_made(f)

    def login(self, future: asyncio.Future[Message]) -> bool:
        """Do nothing when the sign-in was never answered."""
        return not future.cancelled() and super().login(future)

    def dispatch(self, event: Message) -> None:
        """Hand an event on. panoramisk would hold its name against every pattern that it was ever told."""
        fields = _fields(event)
        on_event = self._listeners.get(fields.get("Event", ""))
        if on_event is not None:
            on_event(fields)

    def connection_lost(self, exc: object) -> None:
        """End. panoramisk would connect again from here."""
        self._end("closed by Asterisk" if exc is None else str(exc))

    def ping(self) -> None:
        """Do nothing; see `NEVER_S`."""

    def close(self) -> None:
        """Close for good."""
        super().close()
        self._end("closed by us")

    def _note_boot(self, _: Fields) -> None:
        if not self._booted.done():
            self._booted.set_result(None)

    def _end(self, reason: str) -> None:
        if not self.gone.done():
            self.gone.set_result(reason)


def _checked(action: str, answer: Sequence[Message]) -> Sequence[Fields]:
    if not answer[0].success:
        raise Refused(f"{action}: {answer[0].get('Message', 'refused')}")
    return [_fields(message) for message in answer]


def _fields(message: Message) -> Fields:
    return {name: value for name in message if isinstance(value := message[name], str)}
