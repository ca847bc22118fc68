"""Starts one copy in the background and waits until it takes calls; does nothing when it is up already."""

from config.settings import Settings
from madoguchi.local import home, machine, passwords, ports, ready, run_file, stopping
from madoguchi.local.contents import Contents, Place
from madoguchi.local.errors import LocalError
from madoguchi.local.locks import only_one
from madoguchi.local.run_file import RunFile
from madoguchi.local.runtime import Runtime, remember, runtime_of
from madoguchi.local.start_steps import Start
from madoguchi.local.steps import Steps

_HOME_MB = 500
"""A new database takes 60 MB, sounds 60 MB, logs and spool the rest."""


def start(settings: Settings, contents: Contents, steps: Steps, runtime: Runtime | None = None) -> RunFile:
    """Start the copy that *settings* name and return its ``run.json``.

    *runtime* is what ``RUNTIME`` names unless it is given. A start that fails, or is broken off, leaves
    nothing running. Raises `LocalError`.
    """
    refuse_elsewhere(settings)
    machine.require_root()
    layout = settings.layout
    machine.require_space(layout.home, _HOME_MB, "The centre's home")
    home.lay_out(layout)
    runtime = runtime or runtime_of(settings)
    with only_one(
        layout.supervisor / "lock", lambda: steps.console.print("Waiting for another start or stop.")
    ):
        known = run_file.read(layout)
        if known is not None and runtime.keeper.answers():
            remember(layout, runtime.name)
            return _already_up(settings, known, contents, steps, runtime)
        _end_leftovers(settings, steps)
        contents.check(settings)
        ports.require_free(ports.wanted(settings))
        version = runtime.prepare(steps)
        remember(layout, runtime.name)
        try:
            return Start(settings, contents, steps, runtime).run(version)
        except BaseException:
            stopping.stop(settings)
            raise


def refuse_elsewhere(settings: Settings) -> None:
    """Raise `LocalError` on a machine that only stands by for another one's Asterisk: systemd runs that."""
    if settings.asterisk_is_elsewhere:
        raise LocalError(
            f"MADOGUCHI_ASTERISK_ADDRESS={settings.asterisk_address} is another machine: this one only "
            "stands by (docs/operations.md, A standby on another machine)."
        )


def _already_up(
    settings: Settings, known: RunFile, contents: Contents, steps: Steps, runtime: Runtime
) -> RunFile:
    """Wait for a copy that runs: its supervisor restarts whatever has ended."""
    place = Place(settings, passwords.ensure(settings.layout), known["database"])
    if known["http"] != place.http_url or known["sip"]["port"] != settings.sip_port:
        raise LocalError(
            f"{settings.home} is up already with other ports ({known['http']}); run make down first, or set "
            "MADOGUCHI_HOME to start a second copy."
        )
    with steps.step("Madoguchi", "what runs already to be ready"):
        for service in contents.services(place):
            ready.wait_for(service, runtime.keeper)
    return run_file.read(settings.layout) or known


def _end_leftovers(settings: Settings, steps: Steps) -> None:
    if stopping.running(settings):
        with steps.step("Leftovers", "processes of a start or a supervisor that was killed to end"):
            stopping.stop(settings)
    stopping.clear(settings.layout)
