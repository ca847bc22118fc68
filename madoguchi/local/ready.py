"""Waits until a started program is ready, and says why if it never becomes so."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

from madoguchi.local.errors import LocalError
from madoguchi.local.programs import Program
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.runtime import Keeper
from telephony.leadership import stands_by

Probe = Callable[[], bool]

_POLL_S = 0.1
_LIMIT_S = 90.0
_FAILING_S = 5.0
"""A program that ends again and again for this long will not come up by waiting longer."""


def wait(name: str, probe: Probe, keeper: Keeper) -> None:
    """Return once *probe* says yes. Raises `LocalError` when *name* keeps ending, or after 90 s."""
    started = time.monotonic()
    while not probe():
        waited = time.monotonic() - started
        failing = any(state.name == name and state.state == "BACKOFF" for state in keeper.states())
        if waited > _LIMIT_S or (failing and waited > _FAILING_S):
            raise LocalError(f"{name} did not get ready: {keeper.last_words(name)}.")
        time.sleep(_POLL_S)


def wait_for(service: Program, keeper: Keeper) -> None:
    """Wait for one of our own programs: until its address answers or it stands by, or else until it runs."""

    def probe() -> bool:
        if service.ready_url is not None:
            return answers(service.ready_url) or _stands_by(service, keeper)
        return any(state.name == service.name and state.running for state in keeper.states())

    wait(service.name, probe, keeper)


def _stands_by(service: Program, keeper: Keeper) -> bool:
    pid = None if service.standby_file is None else stands_by(service.standby_file)
    return pid is not None and any(
        state.name == service.name and state.pid == pid for state in keeper.states()
    )


def asterisk_booted(cli: list[str]) -> bool:
    """Return whether Asterisk has loaded all its modules; waits for it if it answers at all."""
    try:
        run([*cli, "core waitfullybooted"])
    except CommandFailedError:
        return False
    return True


def answers(url: str) -> bool:
    """Return whether *url* answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- an http address of our own
            return bool(answer.status == 200)  # noqa: PLR2004 -- HTTP's OK
    except (urllib.error.URLError, OSError):
        return False
