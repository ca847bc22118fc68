"""Talks to this copy's supervisord: starting it, and its XML-RPC over a unix socket.

See http://supervisord.org/api.html. It knows programs by their names only.
"""

import hashlib
import http.client
import os
import pwd
import resource
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.layout import Layout
from madoguchi.local import processes, supervisor_conf
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole
from madoguchi.local.programs import Program

NAME = "supervisord"
_LONGEST_SOCKET = 90
"""unix(7) ends a path after 107 bytes, and supervisord first binds one with its process id added."""

_OPEN_FILES = 65_536
"""Enough for Asterisk in a full house, where a call takes about ten."""
_START_S = 15.0
_POLL_S = 0.05
RUNNING = "RUNNING"
_WAIT_FOR_IT = False
"""``startProcess`` answers when the program was spawned, not when its start counts."""
_ALREADY_STARTED = 60
"""Supervisor's fault code for a program that runs, or is being started."""

_NOT_RUNNING, _UNKNOWN = 70, 10
"""Its codes for a program that is stopped already, and for one that it does not know."""


@dataclass(frozen=True, slots=True)
class State:
    """One program as supervisord sees it: *state* in its words, *started_at* in seconds since 1970."""

    name: str
    state: str
    pid: int
    started_at: int
    note: str

    @property
    def running(self) -> bool:
        """Whether it runs and has done so for a moment."""
        return self.state == RUNNING


class Supervisor:
    """The supervisord of one copy, running or not."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.socket = socket_path(layout)

    def answers(self) -> bool:
        """Return whether it is there."""
        try:
            return bool(self._call("getState"))
        except (OSError, http.client.HTTPException):
            return False

    def launch(self, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        """Start supervisord in the background with *programs*, none of which it starts by itself yet."""
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._write(programs)
        argv = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._conf)]
        said = self._layout.logs / "supervisord.out"
        with said.open("w") as output:
            subprocess.run(  # noqa: S603 -- argv is ours
                ["/usr/bin/setsid", "--fork", *processes.recorded(self._layout.supervisor, NAME, argv)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(environ),
                cwd=Path("/"),
                check=True,
            )
        self._wait_for_answer(said)

    def start(self, name: str) -> None:
        """Let *name* run, now and whenever it ends. Returns at once."""
        try:
            self._call("startProcess", name, _WAIT_FOR_IT)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != _ALREADY_STARTED:
                raise LocalError(f"{name} cannot be started: {fault.faultString}; see make logs.") from fault

    def stop(self, name: str) -> None:
        """End *name* gently, and let it stay so; returns when it has ended."""
        try:
            self._call("stopProcess", name)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in {_NOT_RUNNING, _UNKNOWN}:
                raise LocalError(f"{name} cannot be stopped: {fault.faultString}; see make logs.") from fault

    def configuration(self) -> str:
        """Return the text of what it was told to run."""
        return self._conf.read_text(encoding="utf-8")

    def configure(self, programs: Sequence[Program]) -> None:
        """Tell it to run *programs* from now on. What runs is not touched before `replace` and `remove`."""
        self._write(programs)
        self._call("reloadConfig")

    def restore(self, configuration: str) -> None:
        """Take `configure` back."""
        write_whole(self._conf, configuration, 0o600)
        self._call("reloadConfig")

    def replace(self, name: str) -> None:
        """Run *name* as it is configured now, instead of what runs under this name, if anything does."""
        self.remove(name)
        self._call("addProcessGroup", name)
        self.start(name)

    def remove(self, name: str) -> None:
        """End *name* and know it no longer."""
        self.stop(name)
        try:
            self._call("removeProcessGroup", name)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != _UNKNOWN:
                raise LocalError(f"{name} cannot be removed: {fault.faultString}; see make logs.") from fault

    def states(self) -> list[State]:
        """Return every program but our own watcher. Raises `LocalError` when supervisord is gone."""
        try:
            answer = self._call("getAllProcessInfo")
        except OSError as error:
            raise LocalError("The process supervisor has ended; run make up.") from error
        if not isinstance(answer, list):
            raise TypeError(answer)
        return [
            State(
                name=str(info["name"]),
                state=str(info["statename"]),
                pid=int(info["pid"]),
                started_at=int(info["start"]),
                note=str(info["spawnerr"]),
            )
            for info in answer
            if info["name"] != "watch"
        ]

    def shut_down(self) -> None:
        """Ask it to stop everything and to end; it does so last started, first stopped. Returns at once."""
        self._call("shutdown")

    def last_words(self, name: str) -> str:
        """Return the last line that *name* printed, and the file where there is more."""
        log = self._layout.logs / f"{name}.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        said = next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
        return f"{said}; see {log}"

    @property
    def _conf(self) -> Path:
        return self._layout.supervisor / "supervisord.conf"

    def _write(self, programs: Sequence[Program]) -> None:
        text = supervisor_conf.render(self._layout, self.socket, programs, _user(), _open_files())
        write_whole(self._conf, text, 0o600)

    def _wait_for_answer(self, said: Path) -> None:
        deadline = time.monotonic() + _START_S
        while not self.answers():
            process = processes.read(self._layout.supervisor, NAME)
            ended = process is not None and not process.alive
            if ended or time.monotonic() > deadline:
                reason = said.read_text(encoding="utf-8").strip().splitlines()[:1] or ["it said nothing"]
                raise LocalError(f"The process supervisor did not start ({reason[0]}); see {said}.")
            time.sleep(_POLL_S)

    def _call(self, method: str, *arguments: str | bool) -> object:
        transport = _UnixTransport(self.socket)
        with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as proxy:
            answer: object = getattr(proxy.supervisor, method)(*arguments)
            return answer


def socket_path(layout: Layout) -> Path:
    """Return where supervisord listens: in the home, or in a short place when the home's path is too long."""
    inside = layout.supervisor / "socket"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET:
        return inside
    short = hashlib.sha256(os.fsencode(layout.home)).hexdigest()[:16]
    runtime = Path("/run") if os.geteuid() == 0 else Path(f"/run/user/{os.geteuid()}")
    return runtime / f"madoguchi-{short}" / "socket"


def _user() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _open_files() -> int:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _UnixTransport(xmlrpc.client.Transport):
    """XML-RPC over one unix socket; the base class closes the connection that is kept in ``_connection``."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._connection = ("localhost", _UnixConnection(path))

    def make_connection(self, host: object) -> http.client.HTTPConnection:  # noqa: ARG002 -- there is one host
        _host, connection = self._connection
        if connection is None:
            raise ConnectionError("the connection was closed")
        return connection
