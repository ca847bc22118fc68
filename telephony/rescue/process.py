"""The rescue process: the watch, and the desk for callers whom nobody else can serve.

It needs the plan in force, the sounds and Asterisk. Not the controller, not the worker, not PostgreSQL.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import structlog

from config.loading import load_centre
from config.schema import Centre
from sounds import catalogue
from sounds.voice import CatalogueVoice
from telephony.asterisk.client import Ari
from telephony.asterisk.control import SOUNDS
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.manager import Manager, ManagerConnected
from telephony.clock import SteadyClock
from telephony.entries import stream_of
from telephony.heartbeat import Pulse
from telephony.journal import Journal
from telephony.model.commands import Record
from telephony.model.ids import CallId
from telephony.rescue import agi
from telephony.rescue.bounds import Bounds
from telephony.rescue.dialogue import Dialogue, Wish
from telephony.rescue.logs import AsteriskLogs
from telephony.rescue.processors import Unused
from telephony.rescue.voices import first
from telephony.rescue.watch import Watch

ADDRESS_VARIABLE = "MADOGUCHI_RESCUE"
"""Dialplan global that says where we listen. A restarted Asterisk has forgotten it; every connect sets it."""

DURABLE_S = 3.0
"""A disk that takes longer is full or broken: then nothing is promised."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Plan:
    """The ``centre.toml`` in force, read again when it was replaced."""

    file: Path
    _read_at: int = 0
    _centre: Centre | None = None
    _voice: CatalogueVoice[str] | None = None

    def refresh(self) -> None:
        """Read the file if it is another one. Raises `ConfigError` and OSError."""
        changed_at = self.file.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._centre = load_centre(self.file)
            self._voice = CatalogueVoice(catalogue.load(self._centre), str)
            self._read_at = changed_at

    @property
    def own_numbers(self) -> frozenset[str]:
        """The centre's own numbers, E.164."""
        return frozenset(number.number for number in self._centre.numbers) if self._centre else frozenset()

    def phrase(self, prompt: str, number: str | None) -> Sequence[str]:
        """Return the paths of the sounds that say *prompt*, with *number* if it says one."""
        if self._voice is None:
            raise RuntimeError("refresh() comes first")
        variables = {} if number is None else {"number": number}
        return [str(SOUNDS / sound) for sound in self._voice.phrase(prompt, variables)]


@dataclass(slots=True)
class Rescue:
    """One rescue process. *logs*: Asterisk's own. *kill* ends the controller with this process id."""

    plan: Plan
    ari: Ari
    manager: Manager
    journal: Journal
    heartbeat: Path
    logs: Path
    kill: Callable[[int], None]

    async def run(self) -> None:
        """Serve until cancelled."""
        await asyncio.to_thread(self.plan.refresh)
        async with await agi.serve(self._talk) as server:
            host, port = server.sockets[0].getsockname()
            bounds = Bounds(self.manager, Unused(), first())
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_connected(f"{host}:{port}", bounds), name="manager")
                group.create_task(bounds.run(), name="bounds")
                group.create_task(self._watch().run(), name="watch")
                group.create_task(AsteriskLogs(self.logs, self.manager).run(), name="logs")

    async def watch(self) -> None:
        """Only watch this machine's controller, until cancelled; Asterisk's machine has a rescue."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_connected(), name="manager")
            group.create_task(self._watch().run(), name="watch")

    def _watch(self) -> Watch:
        return Watch(Pulse(self.heartbeat), self.ari, self.manager, self.kill)

    async def _keep_connected(self, address: str | None = None, bounds: Bounds | None = None) -> None:
        """Keep the connection that callers are moved over, and tell Asterisk what is not None of these."""
        async with aclosing(self.manager.listen()) as items:
            async for item in items:
                if isinstance(item, ManagerConnected):
                    if address is not None:
                        await self._set_address(address)
                    if bounds is not None:
                        bounds.forget()

    async def _set_address(self, address: str) -> None:
        try:
            await self.manager.set_global(ADDRESS_VARIABLE, address)
        except AsteriskError as error:
            log.warning("rescue.not_announced", reason=str(error))
        else:
            log.info("rescue.ready", listens=address)

    async def _talk(self, session: agi.Session) -> None:
        await asyncio.to_thread(self.plan.refresh)
        await Dialogue(session, self.plan.phrase, self.plan.own_numbers, self._keep).run()

    async def _keep(self, wish: Wish) -> None:
        """Return when the wish is on the disk. Raises TimeoutError when it is not."""
        fact = {
            "number": wish.number,
            "caller": wish.caller,
            "source": "rescue",
            "dialled": wish.dialled,
            "arrived_at": wish.arrived_at,
        }
        self.journal.write(
            Record(stream_of(CallId(wish.call)), SteadyClock().now(), "callback.number_left", fact)
        )
        async with asyncio.timeout(DURABLE_S):
            await self.journal.flush()
        log.info("callback.number_left", call=wish.call)
