"""The text of supervisord's configuration. Pure: it touches nothing."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from config.layout import Layout
from madoguchi.local import processes
from madoguchi.local.programs import Program
from madoguchi.priority import AHEAD

_STEADY_S = 1
"""How long a program must run before its start counts; one that ends sooner
waits a second longer before each next try."""

_FOR_EVER = 1_000_000_000
"""Restarts before supervisord gives up. A centre that answers the telephone never does."""

_RPC = """\
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

_LOG = "20MB"
_LOG_FILES = 5


def render(layout: Layout, socket: Path, programs: Sequence[Program], user: str, open_files: int) -> str:
    """Return the configuration that runs *programs*, each started by command, restarted on its own.

    *user* is who runs it now (said openly, it is no reason for a warning); *open_files* is how many files a
    program may hold open.
    """
    sections = [
        _section(
            "supervisord",
            logfile=layout.logs / "supervisord.log",
            logfile_maxbytes="5MB",
            logfile_backups=2,
            pidfile=layout.supervisor / "supervisord.pid",
            childlogdir=layout.logs,
            nodaemon="true",
            silent="true",
            minfds=open_files,
            user=user,
            directory="/",
        ),
        _section("unix_http_server", file=socket, chmod="0700"),
        _RPC,
        _watch(layout),
        *(_program(layout, program) for program in programs),
    ]
    return "\n".join(sections)


def _program(layout: Layout, program: Program) -> str:
    argv = [*AHEAD, *program.argv] if program.ahead else program.argv
    return _section(
        f"program:{program.name}",
        command=shlex.join(processes.recorded(layout.supervisor, program.name, argv)),
        directory="/",
        autostart="false",
        autorestart="true",
        startsecs=_STEADY_S,
        startretries=_FOR_EVER,
        stopsignal=program.stop_signal,
        stopwaitsecs=program.patience_s,
        killasgroup="true",
        priority=program.rank,
        redirect_stderr="true",
        stdout_logfile=_log(layout, program.name),
        stdout_logfile_maxbytes=_LOG,
        stdout_logfile_backups=_LOG_FILES,
    )


def _watch(layout: Layout) -> str:
    """Keep the process ids in ``run.json`` true when a program is restarted."""
    argv = [sys.executable, "-m", "madoguchi.local.watch", str(layout.home)]
    return _section(
        "eventlistener:watch",
        command=shlex.join(processes.recorded(layout.supervisor, "watch", argv)),
        events="PROCESS_STATE",
        directory="/",
        startretries=_FOR_EVER,
        stdout_logfile="NONE",
        stderr_logfile=_log(layout, "watch"),
        stderr_logfile_maxbytes="1MB",
    )


def _log(layout: Layout, name: str) -> str:
    """Return the log file of *name*; supervisord expands ``%`` in this value once more than in others."""
    return str(layout.logs / f"{name}.log").replace("%", "%%")


def _section(title: str, **options: object) -> str:
    """Return one section; supervisord expands ``%`` in every value, so it is doubled."""
    lines = [f"{name} = {str(value).replace('%', '%%')}" for name, value in options.items()]
    return "\n".join([f"[{title}]", *lines, ""])
