"""Beside the containers of one copy: starts again what was killed, and keeps ``run.json`` true.

``python -m madoguchi.containers.watch HOME PROJECT``, started by ``RUNTIME=docker make up`` and ended by
``down``. The engine's own restart rule covers what ends by itself; a container that ``docker kill`` ended
counts as stopped on purpose, and stays so until somebody starts it. Its own end harms nobody.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.layout import Layout
from madoguchi.containers.engine import Project, client, docker, inspect
from madoguchi.local import run_file
from madoguchi.local.errors import LocalError
from madoguchi.local.running import CommandFailedError

_STATE = "{{.Name}}\t{{.State.Status}}\t{{.State.Pid}}"
_PAUSE_S = 0.3
"""What the engine starts again by itself is up, or is being restarted, after so long."""

_AGAIN_S = 2.0
_LEFT = frozenset({"exited", "dead"})


def watch(layout: Layout, project: Project) -> None:
    """Follow the engine's events for ever."""
    while True:
        try:
            settle(layout, project)
            for event in _events(project):
                if event == "die":
                    time.sleep(_PAUSE_S)
                settle(layout, project)
        except LocalError as error:
            print(f"watch: {error}", flush=True)  # noqa: T201 -- its output is a log
        time.sleep(_AGAIN_S)  # the engine was restarted, or is away


def settle(layout: Layout, project: Project) -> None:
    """Start what lies there ended, and write down who runs."""
    found = [line.split("\t") for line in inspect(project.containers(), _STATE)]
    for name, state, _pid in found:
        if state in _LEFT:
            print(f"watch: {name} was {state} and is started again", flush=True)  # noqa: T201
            docker("start", name)
    if any(state in _LEFT for _, state, _ in found):
        return  # the start is an event of its own
    running = {name.removeprefix(f"/{project.name}-"): int(pid) for name, _, pid in found if pid != "0"}
    with run_file.writing(layout):
        content = run_file.read(layout)
        if content is not None and content["processes"] != running:
            content["processes"] = running
            run_file.write(layout, content)


def _events(project: Project) -> Iterator[str]:
    """Yield what happens to containers of *project*, until the engine goes away."""
    wanted = ("type=container", project.label, "event=start", "event=die")
    filters = [part for each in wanted for part in ("--filter", each)]
    argv = [client(), "events", *filters, "--format", "{{json .}}"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- argv is ours
        for line in process.stdout or ():
            yield str(json.loads(line)["status"])


def main(home: str, name: str) -> None:
    """Watch until ended."""
    try:
        watch(Layout(Path(home)), Project(name, {}))
    except CommandFailedError as error:  # pragma: no cover
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
