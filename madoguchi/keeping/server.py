"""The database of a copy, for a backup or a restore: the one that runs, or the private one for a while."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from madoguchi.keeping.errors import BackupError
from madoguchi.local import database
from madoguchi.local.postgres import Cluster

_START_S = 60.0
_STOP_S = 30.0
_POLL_S = 0.1


@contextmanager
def serving(cluster: Cluster, log: Path) -> Iterator[str]:
    """Run *cluster*, which must be down, for the body; yield the address of our database in it."""
    cluster.choose_port()
    with log.open("ab") as said:
        process = subprocess.Popen(  # noqa: S603 -- argv is ours
            cluster.server_argv(), stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=Path("/")
        )
    try:
        _wait(cluster, process, log)
        database.create(cluster)
        yield cluster.url()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(cluster: Cluster, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while not database.accepts_connections(cluster.url("postgres")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BackupError(f"The private database does not start; {log} says why.")
        time.sleep(_POLL_S)
