"""Runs one copy as a service of this machine: for systemd, which starts it, watches it and stops it.

``python -m madoguchi.local serve`` starts the copy as ``make up`` does, says that it is ready, and then tells
systemd again and again that the centre is alive (sd_notify(3), ``WatchdogSec=``). What dies inside is started
again by its own supervisor. Only a copy whose supervisor is gone and whose controller does not answer either
is given up, so that systemd starts it anew; as long as calls can be taken, nobody cuts them.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from types import FrameType

from config.settings import Settings
from madoguchi.local import ready, run_file
from madoguchi.local.errors import LocalError
from madoguchi.local.run_file import RunFile
from madoguchi.local.runtime import runtime_of
from madoguchi.local.stopping import down

_EVERY_S = 5.0
_US_A_SECOND = 1_000_000


def serve(settings: Settings, up: Callable[[], RunFile], environ: Mapping[str, str] = os.environ) -> None:
    """Start with *up*, and stay until SIGTERM or SIGINT; then stop everything. Raises `LocalError`."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        tell(f"EXTEND_TIMEOUT_USEC={600 * _US_A_SECOND}\nSTATUS=Starting", environ)
        run = up()
        tell(f"READY=1\nSTATUS={run['http']}", environ)
        while not stop.wait(_EVERY_S):
            if alive(settings):
                tell("WATCHDOG=1", environ)
    finally:
        tell("STOPPING=1", environ)
        down(settings)


def alive(settings: Settings) -> bool:
    """Return whether somebody restarts what dies, or else the controller at least answers."""
    try:
        if runtime_of(settings).keeper.answers():
            return True
    except LocalError:
        pass  # an engine that is away: the containers may live
    run = run_file.read(settings.layout)
    return run is not None and ready.answers(f"{run['http']}/healthz")


def tell(state: str, environ: Mapping[str, str]) -> None:
    """Send *state* to systemd, if it is there (sd_notify(3))."""
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.connect("\0" + address[1:] if address.startswith("@") else address)
        link.send(state.encode())
