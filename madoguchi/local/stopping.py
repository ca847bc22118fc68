"""Stops one copy: everything that it started, and nothing else."""

import signal
from collections.abc import Iterable

from config.layout import Layout
from config.settings import Settings
from madoguchi.local import processes, supervisor
from madoguchi.local.locks import only_one
from madoguchi.local.processes import Process
from madoguchi.local.runtime import Runtime, forget, remembered, runtime_of
from madoguchi.local.steps import Steps

_SHUTDOWN_S = 70.0
"""Longer than all programs' patience together: supervisord stops them one after the other."""

_FIRM_S = 5.0


def down(settings: Settings | None = None, steps: Steps | None = None) -> bool:
    """Stop the copy that *settings* name; return whether anything was running."""
    settings = settings or Settings.from_environment()
    layout = settings.layout
    if not layout.supervisor.exists():
        return False
    steps = steps or Steps()
    with only_one(
        layout.supervisor / "lock", lambda: steps.console.print("Waiting for another start or stop.")
    ):
        if not running(settings):
            clear(layout)
            return False
        with steps.step("Stopping", "processes to end") as step:
            step.outcome = ", ".join(process.name for process in stop(settings))
    return True


def running(settings: Settings) -> bool:
    """Return whether anything of this copy runs, even if its supervisor is gone. Raises `LocalError`."""
    return bool(processes.living(settings.layout.supervisor)) or _runtime(settings).keeper.answers()


def _runtime(settings: Settings) -> Runtime:
    """Return what the copy was started with, whatever ``RUNTIME`` says now."""
    known = remembered(settings.layout)
    return runtime_of(settings) if known is None else runtime_of(settings, {"RUNTIME": known})


def stop(settings: Settings) -> list[Process]:
    """End everything gently, then firmly, and return what was running. The caller holds the copy's lock."""
    layout = settings.layout
    found = processes.living(layout.supervisor)
    watcher = _runtime(settings).keeper
    if watcher.answers():
        watcher.shut_down()
        processes.wait_until_gone(_named(found, supervisor.NAME), _SHUTDOWN_S)
    # A supervisor that is left would start again what we end, so it goes first.
    processes.end(_named(found, supervisor.NAME), signal.SIGTERM, _FIRM_S)
    left = processes.living(layout.supervisor)
    database = _named(left, "postgres")
    processes.end([process for process in left if process not in database], signal.SIGTERM, _FIRM_S)
    processes.end(database, signal.SIGINT, _FIRM_S)
    clear(layout)
    return found


def _named(found: Iterable[Process], name: str) -> list[Process]:
    return [process for process in found if process.name == name]


def clear(layout: Layout) -> None:
    """Remove what a running copy leaves in the file system: its socket, its records, ``run.json``."""
    layout.run_file.unlink(missing_ok=True)
    layout.heartbeat_file.unlink(missing_ok=True)
    for record in layout.supervisor.glob("*.process"):
        record.unlink()
    forget(layout)
    socket = supervisor.socket_path(layout)
    socket.unlink(missing_ok=True)
    if socket.parent != layout.supervisor and socket.parent.exists():
        socket.parent.rmdir()
