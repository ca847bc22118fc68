"""AMI across lost connections: device states and holds come in, the few writes of our own go out.

A write is only ever sent on a live connection and never kept for later. After every connect the event
filter is set and all device states are read, so nothing that changed in between is missed. What the states
mean is in ``telephony.asterisk.phones``.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from telephony.asterisk.errors import AsteriskError, Unavailable
from telephony.asterisk.manager_link import Address, Fields, Link
from telephony.asterisk.retry import waits, worth_retrying
from telephony.model.ids import LegId

EVENTS = ("DeviceStateChange", "Hold", "Unhold")
"""The only events let through: a call makes dozens of others."""

_DEVICE_STATE = "DeviceStateChange"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: an answer takes at most *answer_s*; every *ping_s* a ping asks for life."""

    answer_s: float = 3.0
    ping_s: float = 5.0


@dataclass(frozen=True, slots=True)
class ManagerConnected:
    """Connected, with the state of every device (``PJSIP/201`` → ``NOT_INUSE``)."""

    devices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ManagerLost:
    """Device states and holds are unknown until the next `ManagerConnected`."""

    reason: str


@dataclass(frozen=True, slots=True)
class ManagerEvent:
    """One event of `EVENTS`, as AMI writes it."""

    fields: Fields


ManagerItem = ManagerConnected | ManagerEvent | ManagerLost


class Manager:
    """The AMI connection of one user with ``read = call``, ``write = system,call``.

    *events* are let through; without any, devices are not asked for either.
    """

    def __init__(
        self,
        address: Address,
        user: str,
        password: str,
        *,
        limits: Limits = Limits(),
        events: Sequence[str] = EVENTS,
    ) -> None:
        self._access = (address, user, password)
        self._limits = limits
        self._names = events
        self._link: Link | None = None

    async def listen(self) -> AsyncGenerator[ManagerItem, None]:
        """Yield `ManagerConnected`, the events in order, `ManagerLost`, and so on for ever.

        Close the iterator to end the connection for good. Raises `LoginRefused` for a wrong password.
        """
        delays = waits()
        while True:
            link = self._new_link()
            try:
                events, devices = await _prepare(link, self._names)
            except AsteriskError as error:
                link.close()
                if not worth_retrying(error):
                    raise
                await asyncio.sleep(next(delays))
                continue
            delays = waits()
            self._link = link
            watch = asyncio.create_task(self._watch(link), name="ami-ping")
            try:
                yield ManagerConnected(devices)
                while (fields := await events.get()) is not None:
                    yield ManagerEvent(fields)
            finally:
                watch.cancel()
                self._link = None
                link.close()
            _log.warning("asterisk.manager.lost", reason=link.gone.result())
            yield ManagerLost(link.gone.result())

    def _new_link(self) -> Link:
        """Return an unused link; the simulated Asterisk of the tests hands out its own."""
        return Link(*self._access, limit_s=self._limits.answer_s)

    async def _watch(self, link: Link) -> None:
        """End *link* when Asterisk does not answer: whoever is dead, or cut off, does not say so.

        It asks beside the events, because a time limit for each of them costs more than the event.
        """
        try:
            while True:
                await asyncio.sleep(self._limits.ping_s)
                await link.ask("Ping")
        except AsteriskError:
            link.close()

    async def mute_recording(self, leg: LegId, *, muted: bool) -> None:
        """Write silence into the recording of *leg*, or voices again; twice has one effect.

        Raises `Unavailable` when there is no connection or no answer, `Refused` when there is no recording.
        Source: AMI action MixMonitorMute; a channel's unique id does as its name.
        """
        state = "1" if muted else "0"
        await self._live_link().ask("MixMonitorMute", Channel=leg, Direction="both", State=state)

    async def start_recording(self, leg: LegId, file: str) -> None:
        """Record *leg* while it is bridged, behind what *file* has already (AMI action MixMonitor).

        Raises `Unavailable` when there is no connection or no answer, `Refused` when the leg is gone.
        """
        await self._live_link().ask("MixMonitor", Channel=leg, File=file, Options="ab")

    async def stop_recording(self, leg: LegId) -> None:
        """End the recording of *leg*; its file is closed then (AMI action StopMixMonitor).

        Raises as `start_recording`, `Refused` also when there is no recording.
        """
        await self._live_link().ask("StopMixMonitor", Channel=leg)

    async def function(self, call: str) -> str:
        """Return what a dialplan function says that needs no leg, for example ``PJSIP_AOR(201,contact)``.

        Raises `Unavailable` when there is no connection or no answer. Source: AMI action Getvar.
        """
        answer = await self._live_link().ask("Getvar", Variable=call)
        return next((fields["Value"] for fields in answer if "Value" in fields), "")

    async def get_global(self, name: str) -> str:
        """Return a global variable of the dialplan, empty if it is not set. Raises `Unavailable`."""
        return await self.function(name)

    async def redirect(self, leg: LegId, context: str, extension: str, label: str = "1") -> None:
        """Take *leg* out of what the dialplan, or an application, does with it, to a label of an extension.

        Works at once, also in ``Stasis`` while a sound plays. Raises `Unavailable` when there is no
        connection or no answer (it may have been done), `Refused` when the leg is gone.
        Source: AMI action Redirect; a channel's unique id does as its name.
        """
        where = {"Context": context, "Exten": extension, "Priority": label}
        await self._live_link().ask("Redirect", Channel=leg, **where)

    async def set_global(self, name: str, value: str) -> None:
        """Set a global variable of the dialplan. Raises `Unavailable`. Source: AMI action Setvar."""
        await self._live_link().ask("Setvar", Variable=name, Value=value)

    async def ask(self, action: str, **fields: str) -> Sequence[Fields]:
        """Ask for a list (``telephony.asterisk.inventory``). Raises `Unavailable`, `Refused`."""
        return await self._live_link().ask(action, **fields)

    def _live_link(self) -> Link:
        if self._link is None or self._link.gone.done():
            raise Unavailable("There is no AMI connection at the moment.")
        return self._link


async def _prepare(
    link: Link, names: Sequence[str]
) -> tuple[asyncio.Queue[Fields | None], Mapping[str, str]]:
    """Sign in, filter, switch events on, and only then read all states, so that no change falls between."""
    await link.open()
    for name in names:
        await link.ask("Filter", Operation="Add", MatchCriteria=f"action(include),name({name})")
    events: asyncio.Queue[Fields | None] = asyncio.Queue()
    link.forward(names, events.put_nowait)
    link.gone.add_done_callback(lambda _: events.put_nowait(None))
    if not names:
        return events, {}
    await link.ask("Events", EventMask="call")
    return events, _devices(await link.ask("DeviceStateList"))


def _devices(answer: Sequence[Fields]) -> Mapping[str, str]:
    states = (message for message in answer if message.get("Event") == _DEVICE_STATE)
    return {message["Device"]: message["State"] for message in states}
