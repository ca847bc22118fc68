"""The containers of one copy, as a start sees its supervisor: start one, how are they, stop all.

The engine restarts what ends by itself, but not what somebody kills by ``docker kill``. So a watcher beside
it (`madoguchi.containers.watch`) does, and keeps the process ids in ``run.json`` true, as supervisord's does.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from config.settings import Settings
from madoguchi.containers.engine import Project, docker, inspect
from madoguchi.containers.project import project_of
from madoguchi.local import processes
from madoguchi.local.errors import LocalError
from madoguchi.local.programs import Program
from madoguchi.local.running import CommandFailedError
from madoguchi.local.supervisor import NAME, RUNNING, State

_STATE = "{{json .State}}\t{{.Name}}"


class Containers:
    """Fills `madoguchi.local.runtime.Keeper`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._project = project_of(settings)

    def answers(self) -> bool:
        """Return whether there is any container of this copy."""
        return bool(self._project.containers())

    def launch(self, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        """Make ready to start *programs*, and start the watcher."""
        del programs  # docker-compose.yml has them
        port = self._settings.layout.postgres / "port"
        database_port = int(port.read_text(encoding="ascii")) if port.exists() else 0
        self._project = project_of(self._settings, environ["DATABASE_URL"], database_port)
        self._check_file()
        argv = [
            sys.executable,
            "-m",
            "madoguchi.containers.watch",
            str(self._settings.home),
            self._project.name,
        ]
        layout = self._settings.layout
        with (layout.logs / "watch.log").open("a") as said:
            subprocess.run(  # noqa: S603 -- argv is ours
                ["/usr/bin/setsid", "--fork", *processes.recorded(layout.supervisor, NAME, argv)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=Path("/"),
                check=True,
            )

    def start(self, name: str) -> None:
        """Let *name* run. Returns when its container was started."""
        try:
            self._project.compose("up", "-d", "--no-build", "--no-deps", name)
        except CommandFailedError as error:
            told = [line for line in error.tail if line.startswith("ERROR")] or [error.reason]
            raise LocalError(f"{name} cannot be started: {told[0]}") from error

    def states(self) -> list[State]:
        """Return every container of this copy."""
        found = inspect(self._project.containers(), _STATE)
        return sorted((_state(line, self._project) for line in found), key=lambda state: state.started_at)

    def shut_down(self) -> None:
        """Stop and remove every container, ours first, the database last."""
        watcher = processes.read(self._settings.layout.supervisor, NAME)
        if watcher is not None:
            processes.end([watcher], gentle=signal.SIGTERM, patience_s=5)
        try:
            for service in ("worker", "standby", "controller", "rescue", "asterisk", "postgres"):
                if docker("ps", "-q", "--filter", f"name=^{self._project.container(service)}$"):
                    self._project.compose("stop", service)
            self._project.compose("down")
        except CommandFailedError as error:
            raise LocalError(f"The containers could not be stopped: {error.reason}") from error

    def last_words(self, name: str) -> str:
        """Return the last line that *name* printed, and where there is more."""
        try:
            said = docker("logs", "--tail", "5", self._project.container(name)).strip()
        except CommandFailedError as error:
            said = error.reason
        return f"{said.splitlines()[-1] if said else 'it printed nothing'}; see make logs"

    def follow_logs(self) -> NoReturn:
        """Become what follows everything that all of them print."""
        argv = [*self._project.command(), "logs", "-f", "--tail", "20"]
        os.execve(argv[0], argv, dict(self._project.environment))  # noqa: S606 -- no shell is wanted

    def _check_file(self) -> None:
        try:
            self._project.compose("config", "-q")
        except CommandFailedError as error:
            raise LocalError(f"docker-compose.yml cannot be used: {error.reason}") from error


def _state(line: str, project: Project) -> State:
    told, name = line.split("\t")
    state = json.loads(told)
    running = state["Status"] == "running" and not state["Paused"]
    healthy = "Health" not in state or state["Health"]["Status"] != "unhealthy"
    began = datetime.fromisoformat(state["StartedAt"][:19] + "+00:00") if running else None
    return State(
        name=name.removeprefix(f"/{project.name}-"),
        state=RUNNING if running and healthy else ("UNHEALTHY" if running else _fallen(state)),
        pid=int(state["Pid"]),
        started_at=0 if began is None else int(began.timestamp()),
        note=str(state["Error"]),
    )


def _fallen(state: Mapping[str, object]) -> str:
    """Return supervisord's word: one that is started again and again is in ``BACKOFF``."""
    return "BACKOFF" if state["Status"] in {"restarting", "exited"} else str(state["Status"]).upper()
