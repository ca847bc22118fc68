"""An asyncio event loop whose time passes only when nothing is left to do: hours take milliseconds.

It touches no network and no thread, so a run depends on nothing but its seed. It knows nothing of telephones.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class NothingLeftToHappenError(RuntimeError):
    """Everybody waits for something that will never come."""


class TimeStandsStillError(RuntimeError):
    """Something happens again and again, and time does not pass."""


MOST_AT_ONE_INSTANT = 10_000
"""Rounds of the loop; whatever is alive needs some dozens."""


class _Idle:
    """Stands where a loop waits for the network: lets time jump to the next timer instead."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop
        self._rounds = 0

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingLeftToHappenError("nothing is scheduled, and still something is awaited")
        before = self._loop.time()
        if timeout > 0:
            self._loop.jump()
        self._rounds = 0 if self._loop.time() > before else self._rounds + 1
        if self._rounds > MOST_AT_ONE_INSTANT:
            raise TimeStandsStillError(f"at {before:.6f} s")
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """Begins at 0 s. Callbacks run in the order in which they were scheduled, as on every loop of asyncio."""

    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = _Idle(self)

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._now

    def jump(self) -> None:
        """Let time pass until the next timer."""
        self._now = self._scheduled[0].when()

    def _process_events(self, event_list: list[Any]) -> None:
        """Do nothing: there are none."""

    def _write_to_self(self) -> None:
        raise RuntimeError("a thread wakes this loop: what it does then depends on more than the seed")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run *main* to its end on a loop of its own."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        _end_what_is_left(loop)
        loop.close()


def _end_what_is_left(loop: VirtualLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
