"""A leg: where it is in the dialplan, who is at its other end, and how it ends."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tests.simulation.asterisk.stasis import Control

SHOWN = ("MADOGUCHI_CALL", "MADOGUCHI_OFFER", "MADOGUCHI_SERVED")
"""``channelvars`` of our ``ari.conf``."""

NORMAL, UNALLOCATED = 16, 1


class Redirected(Exception):
    """The leg goes on elsewhere in the dialplan (``ast_async_goto``): what it was doing stops."""


class HungUp(Exception):
    """The leg is to end: whatever the dialplan does on it stops."""


class Party(Protocol):
    """The telephone at the other end of a leg."""

    def picked_up(self) -> None:
        """Asterisk answered this leg."""

    def ended(self) -> None:
        """Asterisk ended this leg."""


@dataclass(eq=False)
class Channel:
    """One leg. *wakes* are told when it is to end."""

    id: str
    name: str
    party: Party
    caller: str
    created: float
    state: str = "Ring"
    context: str = ""
    exten: str = ""
    app: str = ""
    sip_call_id: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    control: "Control | None" = None
    music: bool = False
    cause: int | None = None
    sent_on: bool = False
    redirected: tuple[str, str] | None = None
    deleted: bool = False
    wakes: list[Callable[[], None]] = field(default_factory=list)

    @property
    def hung_up(self) -> bool:
        """Whether this leg is on its way out."""
        return self.cause is not None

    def hang_up(self, cause: int) -> None:
        """Ask the leg to end (``ast_softhangup``): its thread notices a moment later."""
        if self.cause is None:
            self.cause = cause
            for wake in list(self.wakes):
                wake()

    def redirect(self, context: str, exten: str) -> None:
        """Send the leg elsewhere: its thread notices a moment later."""
        self.redirected = (context, exten)
        for wake in list(self.wakes):
            wake()

    def at(self, context: str, exten: str, app: str = "") -> None:
        """Say where the dialplan is."""
        self.context, self.exten, self.app = context, exten, app

    async def wait(self, seconds: float | None = None) -> None:
        """Let *seconds* pass on this leg (None: for ever). Raises `HungUp`."""
        await self.wait_for(asyncio.get_running_loop().create_future(), seconds)

    async def wait_for(self, awaited: "asyncio.Future[Any]", seconds: float | None = None) -> Any:
        """Return what *awaited* brings, or None when the time is over. Raises `HungUp`, `Redirected`."""
        self._look()
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[Any] = loop.create_future()

        def wake(_: object = None) -> None:
            if not woken.done():
                woken.set_result(None)

        timer = None if seconds is None else loop.call_later(seconds, wake)
        awaited.add_done_callback(wake)
        self.wakes.append(wake)
        try:
            await woken
        finally:
            self.wakes.remove(wake)
            awaited.remove_done_callback(wake)
            if timer is not None:
                timer.cancel()
        if awaited.done():
            return awaited.result()
        self._look()
        return None

    def _look(self) -> None:
        """Notice what was asked of this leg from outside; a hangup comes before everything."""
        if self.hung_up:
            raise HungUp
        if self.redirected is not None:
            raise Redirected

    def json(self) -> dict[str, Any]:
        """Return the leg as ARI shows it (``rest-api/api-docs/channels.json``)."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": self.sip_call_id,
            "caller": {"name": "", "number": self.caller},
            "connected": {"name": "", "number": ""},
            "accountcode": "",
            "dialplan": {
                "context": self.context,
                "exten": self.exten,
                "priority": 2,
                "app_name": self.app,
                "app_data": "",
            },
            "creationtime": stamp(self.created),
            "language": "ja",
            "channelvars": {name: self.variables.get(name, "") for name in SHOWN},
        }


def stamp(at: float) -> str:
    """Return an instant as Asterisk writes it: ``2026-11-22T13:48:46.632+0000``."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
