"""Keeps the process ids in ``run.json`` true: supervisord's event listener, run by supervisord itself.

The protocol is http://supervisord.org/events.html: we say READY, it sends a header line and a payload, we
answer RESULT. It knows nothing of what the programs do.
"""

import sys
from pathlib import Path
from typing import BinaryIO

from config.layout import Layout
from madoguchi.local import run_file

_STARTED = "PROCESS_STATE_RUNNING"
_ENDED = frozenset({"PROCESS_STATE_EXITED", "PROCESS_STATE_STOPPED", "PROCESS_STATE_BACKOFF"})
_US = "watch"
_LEADS, _STANDS_BY = "controller", "standby"
"""Two programs of one kind, which change places whenever the one that leads ends."""


def fields(text: str) -> dict[str, str]:
    """Return ``a:1 b:2`` as a mapping."""
    return dict(part.split(":", 1) for part in text.split())


def apply(processes: dict[str, int], event: str, payload: dict[str, str]) -> dict[str, int]:
    """Return *processes* after *event*."""
    name = payload["processname"]
    if name in {_LEADS, _STANDS_BY}:
        return _apply_to_controllers(processes, event, int(payload.get("pid", 0)))
    if event == _STARTED and name != _US:
        return {**processes, name: int(payload["pid"])}
    if event in _ENDED:
        return {known: pid for known, pid in processes.items() if known != name}
    return processes


def _apply_to_controllers(processes: dict[str, int], event: str, pid: int) -> dict[str, int]:
    """Whoever is left leads; who starts beside somebody stands by, whichever of the two programs it is."""
    known = [processes[name] for name in (_LEADS, _STANDS_BY) if name in processes]
    if event == _STARTED and pid not in known:
        known.append(pid)
    elif event in _ENDED and pid in known:
        known.remove(pid)
    others = {name: other for name, other in processes.items() if name not in {_LEADS, _STANDS_BY}}
    return others | dict(zip((_LEADS, _STANDS_BY), known, strict=False))


def update(layout: Layout, event: str, payload: dict[str, str]) -> None:
    """Change ``run.json`` if there is one; before the end of a start and after a stop there is none."""
    with run_file.writing(layout):
        content = run_file.read(layout)
        if content is None:
            return
        changed = apply(content["processes"], event, payload)
        if changed != content["processes"]:
            content["processes"] = changed
            run_file.write(layout, content)


def listen(layout: Layout, requests: BinaryIO, answers: BinaryIO) -> None:
    """Serve supervisord until it closes *requests*."""
    while True:
        answers.write(b"READY\n")
        answers.flush()
        header = requests.readline().decode()
        if not header:
            return
        told = fields(header)
        payload = requests.read(int(told["len"])).decode()
        update(layout, told["eventname"], fields(payload))
        answers.write(b"RESULT 2\nOK")
        answers.flush()


if __name__ == "__main__":
    listen(Layout(Path(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer)
