"""What is known of a caller, looked up while the greeting still plays, so that it is there in time.

Nothing on the call's path waits for it: the desk asks for what is known now, and is told later when a late
answer comes.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from agents.ports import History, Unavailable
from telephony.model.ids import CallId

log = structlog.get_logger(__name__)

LOOKUPS_AT_ONCE = 4
"""Enough for a burst of arrivals; more would only queue up inside the database."""

LOOKUP_LIMIT_S = 10.0

UNAVAILABLE: dict[str, Any] = {"history": None, "history_state": "unavailable"}


class ScreenPop:
    """The history of every live call's caller, filled by `run` in the background.

    *arrived* is called with the call whose history has just become known (or turned out to be unreachable).
    """

    def __init__(self, history: History, arrived: Callable[[CallId], None]) -> None:
        self._history = history
        self._arrived = arrived
        self._known: dict[CallId, dict[str, Any]] = {}
        self._wanted: asyncio.Queue[tuple[CallId, str]] = asyncio.Queue()

    def prefetch(self, call: CallId, caller: str | None) -> None:
        """Start looking, once per call. Never blocks."""
        if call in self._known:
            return
        if caller is None:
            self._known[call] = {"history": None, "history_state": "withheld"}
            return
        self._known[call] = {"history": None, "history_state": "pending"}
        self._wanted.put_nowait((call, caller))

    def known(self, call: CallId) -> dict[str, Any]:
        """Return ``history`` and ``history_state`` as they are now."""
        return self._known.get(call, UNAVAILABLE)

    def forget(self, call: CallId) -> None:
        """The call is over."""
        self._known.pop(call, None)

    async def run(self) -> None:
        """Look callers up until cancelled."""
        async with asyncio.TaskGroup() as lookups:
            for number in range(LOOKUPS_AT_ONCE):
                lookups.create_task(self._look_up_forever(), name=f"screenpop-{number}")

    async def _look_up_forever(self) -> None:
        while True:
            call, caller = await self._wanted.get()
            if call in self._known:  # else the caller has left meanwhile
                await self._look_up(call, caller)

    async def _look_up(self, call: CallId, caller: str) -> None:
        try:
            async with asyncio.timeout(LOOKUP_LIMIT_S):
                found = await self._history.of_caller(caller)
        except (Unavailable, TimeoutError) as error:
            log.warning("screenpop.unavailable", call=call, reason=str(error) or "the database is too slow")
            known = UNAVAILABLE
        else:
            history = {"calls": found.calls, "reservations": found.reservations}
            known = {"history": history, "history_state": "ready"}
        if call in self._known:
            self._known[call] = known
            self._arrived(call)
