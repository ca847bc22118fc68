"""Makes a backup of one copy, up or down. The centre goes on taking calls.

The order is that in which entries travel: tails, spools, database, then files. So what travelled in between
is in two of them, where it is recognised; the other way round it could be in none.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg

from agents.audit.spool import Spool as AuditSpool
from config.layout import Layout
from config.settings import Settings
from madoguchi.keeping import contents, manifest
from madoguchi.keeping.errors import BackupError
from madoguchi.keeping.manifest import KeptFile, KeptTable, Manifest
from madoguchi.keeping.server import serving
from madoguchi.local import LocalError, passwords, run_file, stopping
from madoguchi.local.locks import only_one
from madoguchi.local.postgres import Cluster
from madoguchi.local.steps import Steps
from storage.dump import Dump, dump, file_of
from storage.errors import StorageError
from telephony.spool import Spool

DRAIN_S = 10.0
"""How long a running worker may take to empty the spools. What is left then is in the backup as spool."""

_POLL_S = 0.2
_FAILURES = (LocalError, StorageError, OSError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError)


def backup(target: Path, settings: Settings, steps: Steps) -> Manifest:
    """Write a backup of the copy that *settings* name into *target*, a folder that is empty or not there.

    Raises `BackupError`; then there is no *target*.
    """
    target = target.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} is there already and not empty; name another folder.")
    if not settings.layout.secrets_file.exists():
        raise BackupError(f"There is no centre in {settings.home}; set MADOGUCHI_HOME.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        made = _fill(unfinished, settings, steps)
        unfinished.rename(target)
    except _FAILURES as error:
        raise BackupError(f"The backup could not be made: {error}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return made


def _fill(folder: Path, settings: Settings, steps: Steps) -> Manifest:
    with _database(settings, steps) as url:
        files = _spools(folder, settings, steps)
        dumped = _database_files(folder, url, steps)
    for table in dumped.tables:
        file = file_of(folder / manifest.DATABASE, table.name)
        kept = KeptFile(sha256=manifest.checksum(file), bytes=file.stat().st_size)
        files[file.relative_to(folder).as_posix()] = kept
    files |= _files(folder, settings, steps)
    made = Manifest(
        format=manifest.FORMAT,
        version=version("madoguchi"),
        made_at=datetime.now(UTC),
        postgres=dumped.server,
        migrations=dumped.migrations,
        tables={table.name: KeptTable(columns=table.columns, rows=table.rows) for table in dumped.tables},
        sequences=dumped.sequences,
        files=files,
    )
    manifest.write(folder, made)
    return made


@contextmanager
def _database(settings: Settings, steps: Steps) -> Iterator[str]:
    """Yield the address of the copy's database; a private one that is down runs for the body."""
    layout = settings.layout
    known = run_file.read(layout)
    if known is not None and stopping.running(settings):
        yield known["database"]
    elif settings.database_url is not None:
        yield settings.database_url
    else:
        with ExitStack() as stack:
            said = layout.supervisor / "lock"
            stack.enter_context(only_one(said, lambda: steps.console.print("Waiting for a start or stop.")))
            cluster = Cluster.of(layout.postgres, passwords.ensure(layout)["database_password"])
            if not cluster.data.exists():
                raise BackupError(f"There is no database in {layout.postgres}; set DATABASE_URL.")
            yield stack.enter_context(serving(cluster, layout.logs / "postgres.log"))


def _spools(folder: Path, settings: Settings, steps: Steps) -> dict[str, KeptFile]:
    kept = {}
    layout = settings.layout
    with steps.step("Spools", "what is in them to be carried to the database") as step:
        deadline = time.monotonic() + (DRAIN_S if stopping.running(settings) else 0)
        while (depth := _depth(layout)) and time.monotonic() < deadline:
            step.say(f"{depth} entries left")
            time.sleep(_POLL_S)
        step.outcome = f"{depth} entries not in the database yet" if depth else ""
        for file in (*contents.tails(layout), *contents.spools(layout)):
            name = f"{manifest.HOME}/{file.relative_to(layout.home)}"
            copy = _copy_spool if file.suffix == contents.SPOOL else manifest.copy
            with suppress(FileNotFoundError):  # a tail whose process ended just now: its spool has it all
                kept[name] = copy(file, folder / name)
    return kept


def _depth(layout: Layout) -> int:
    """Return how many entries wait for the database."""
    depth = 0
    for file, kind in (
        (layout.journal_file, Spool),
        (layout.rescue_file, Spool),
        (layout.audit_spool, AuditSpool),
    ):
        if file.exists():
            with closing(kind(file)) as spool:
                depth += spool.depth()
    return depth


def _copy_spool(spool: Path, target: Path) -> KeptFile:
    """Copy a SQLite file that others write to, as of one moment (https://www.sqlite.org/backup.html)."""
    manifest.make_folder(target.parent)
    with closing(sqlite3.connect(spool, timeout=10)) as source, closing(sqlite3.connect(target)) as copied:
        source.backup(copied)
    target.chmod(0o600)
    return KeptFile(sha256=manifest.checksum(target), bytes=target.stat().st_size)


def _database_files(folder: Path, url: str, steps: Steps) -> Dump:
    place = folder / manifest.DATABASE
    place.mkdir(mode=0o700)
    with steps.step("Database", "its tables to be written") as step:
        dumped = asyncio.run(dump(url, place, lambda name, n, total: step.say(name, n / total)))
        step.outcome = f"{sum(table.rows for table in dumped.tables)} rows"
    return dumped


def _files(folder: Path, settings: Settings, steps: Steps) -> dict[str, KeptFile]:
    kept: dict[str, KeptFile] = {}
    with steps.step("Files", "recordings and configuration to be copied") as step:
        for _ in range(2):  # a voice message may be fetched to its place among the recordings meanwhile
            wanted = {name: file for name, file in _wanted(settings) if name not in kept}
            for place, (name, file) in enumerate(wanted.items(), start=1):
                step.say(f"{place} of {len(wanted)}", place / len(wanted))
                with suppress(FileNotFoundError):
                    kept[name] = manifest.copy(file, folder / name)
        step.outcome = f"{len(kept)} files, {sum(file.bytes for file in kept.values()) / 1e6:.1f} MB"
    return kept


def _wanted(settings: Settings) -> Iterator[tuple[str, Path]]:
    for file in contents.files(settings.layout):
        yield f"{manifest.HOME}/{file.relative_to(settings.home)}", file
    for name, file in contents.configuration(settings):
        yield f"{manifest.CONFIGURATION}/{name}", file
