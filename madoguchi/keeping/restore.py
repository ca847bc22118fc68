"""Makes a centre from a backup: beside the place where it shall live, and moved there when it is whole."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from config.settings import Settings
from madoguchi.keeping import manifest
from madoguchi.keeping.errors import BackupError
from madoguchi.keeping.manifest import Manifest
from madoguchi.keeping.server import serving
from madoguchi.local import LocalError, home, passwords, stopping
from madoguchi.local.postgres import Cluster
from madoguchi.local.steps import Steps
from storage.dump import load, require_known, rows_in
from storage.errors import StorageError

_FAILURES = (LocalError, StorageError, OSError, EOFError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done. *configuration*: where the edited files of the backup lie; *aside*: the earlier home."""

    content: Manifest
    configuration: Path
    aside: Path | None


def restore(source: Path, settings: Settings, steps: Steps, *, over: bool = False) -> Restored:
    """Make the copy that *settings* name what the backup in *source* says.

    *over*: also when there is a centre already, whose home is moved aside. Raises `BackupError`; then
    everything is as it was.
    """
    with steps.step("Backup", "every file to be compared with its checksum"):
        content = manifest.read(source)
        manifest.require_whole(source, content)
        try:
            require_known(content.migrations)
        except StorageError as error:
            raise BackupError(f"This backup cannot be restored here: {error}") from error
    _require_room(settings, over=over)
    staged = replace(settings, home=settings.home.with_name(f".{settings.home.name}.unfinished"))
    try:
        home.remove(staged.home)
        _fill_home(source, content, staged, steps)
        _fill_database(source, content, staged, steps, over=over)
        aside = _put_in_place(staged.home, settings)
    except _FAILURES as error:
        raise BackupError(f"The backup could not be restored: {error}") from error
    finally:
        shutil.rmtree(staged.home, ignore_errors=True)
    return Restored(content, settings.home / manifest.CONFIGURATION, aside)


def _require_room(settings: Settings, *, over: bool) -> None:
    if stopping.running(settings):
        raise BackupError(f"The centre in {settings.home} is running; stop it with make down first.")
    if _holds_something(settings.home) and not over:
        raise BackupError(
            f"There is a centre in {settings.home} already; with --over its home is moved aside and the "
            "backup takes its place."
        )


def _holds_something(folder: Path) -> bool:
    return folder.exists() and any(folder.iterdir())


def _fill_home(source: Path, content: Manifest, staged: Settings, steps: Steps) -> None:
    home.lay_out(staged.layout)
    below_home = f"{manifest.HOME}/"
    wanted = [name for name in content.files if not name.startswith(f"{manifest.DATABASE}/")]
    with steps.step("Files", "recordings and configuration to be copied") as step:
        for place, name in enumerate(wanted, start=1):
            step.say(f"{place} of {len(wanted)}", place / len(wanted))
            target = staged.home / name.removeprefix(below_home)
            copied = manifest.copy(source / name, target)
            if copied != content.files[name]:
                raise BackupError(f"{name} changed while it was copied; try again.")
        step.outcome = f"{len(wanted)} files"


def _fill_database(source: Path, content: Manifest, staged: Settings, steps: Steps, *, over: bool) -> None:
    with (
        steps.step("Database", "its tables to be filled") as step,
        _database(staged, over=over) as url,
    ):
        folder = source / manifest.DATABASE
        asyncio.run(
            load(
                url,
                folder,
                content.dump,
                lambda name, n, total: step.say(f"{n} of {total}: {name}", n / total),
            )
        )
        step.outcome = f"{content.rows} rows"


@contextmanager
def _database(staged: Settings, *, over: bool) -> Iterator[str]:
    """Yield the address of the database to fill: a new private one, or the one that was given."""
    if staged.database_url is None:
        cluster = Cluster.of(staged.layout.postgres, passwords.ensure(staged.layout)["database_password"])
        cluster.make()
        with serving(cluster, staged.layout.logs / "postgres.log") as url:
            yield url
        return
    rows = asyncio.run(rows_in(staged.database_url))
    if any(rows.values()) and not over:
        raise BackupError(
            "The database that DATABASE_URL names holds a centre already; with --over its rows are replaced "
            "by the backup's."
        )
    yield staged.database_url


def _put_in_place(staged: Path, settings: Settings) -> Path | None:
    """Move the whole home to its place; return where the earlier one lies now."""
    aside = None
    if _holds_something(settings.home):
        aside = settings.home.with_name(f"{settings.home.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        settings.home.rename(aside)
    os.sync()  # the new home is on the disk before anybody relies on it
    staged.rename(settings.home)
    return aside
