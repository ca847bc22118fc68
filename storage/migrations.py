"""Brings a database's tables up to date: ``storage/schema/NNNN_title.sql``, in order, each once.

A file that was applied is never edited again: its checksum is kept, and a difference is refused. A file with
the line `COMPATIBLE` only adds, so that the version before it works on; that version may come back, too
(docs/adr/0028).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from storage.errors import StorageError

FILES = Path(__file__).parent / "schema"
OLDEST_SERVER = 15
LOCK = 0x6D61646F_00000001
"""Advisory lock that only migrations take, so that two starting processes do not race."""

COMPATIBLE = "-- The version before this one works on."
"""A line of a file that takes nothing away from what earlier versions read and write."""

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer CONSTRAINT schema_migrations_pk PRIMARY KEY,
    title text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS compatible boolean NOT NULL DEFAULT false
"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. *number* says its place, *sha256* that it is still the one that was applied."""

    number: int
    title: str
    statements: str

    @property
    def sha256(self) -> str:
        """The checksum of the statements."""
        return hashlib.sha256(self.statements.encode()).hexdigest()

    @property
    def compatible(self) -> bool:
        """Whether versions that do not know it can work with it."""
        return COMPATIBLE in self.statements.splitlines()


def read_migrations(folder: Path = FILES) -> list[Migration]:
    """Return the files of *folder* in order. Raises `StorageError` for numbers with a gap or twice."""
    found = []
    for file in sorted(folder.glob("*.sql")):
        number, _, title = file.stem.partition("_")
        found.append(Migration(int(number), title, file.read_text(encoding="utf-8")))
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise StorageError(
            f"The migrations in {folder} are numbered {numbers}; they must run from 1 without gaps."
        )
    return found


async def migrate(url: str, folder: Path = FILES, *, upto: int | None = None) -> list[str]:
    """Apply what is missing and return the titles that were applied; nothing after number *upto*.

    Raises `StorageError` when the server is older than 15, when an applied file was changed, or when the
    database is from a newer Madoguchi that this one cannot work with; then nothing was changed.
    """
    wanted = read_migrations(folder)
    connection = await asyncpg.connect(url, timeout=5)
    try:
        _refuse_old(connection.get_server_version().major)
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute("SET client_min_messages = warning")
        await connection.execute(_LEDGER)
        return await _apply_missing(connection, wanted, upto or len(wanted))
    finally:
        await connection.close(timeout=5)


def _refuse_old(major: int) -> None:
    if major < OLDEST_SERVER:
        raise StorageError(f"PostgreSQL {major} is too old; use {OLDEST_SERVER} or newer.")


async def _apply_missing(
    connection: "asyncpg.Connection[asyncpg.Record]", wanted: list[Migration], upto: int
) -> list[str]:
    rows = await connection.fetch("SELECT number, sha256, compatible FROM schema_migrations")
    applied = {int(row["number"]): str(row["sha256"]) for row in rows}
    _refuse_strangers(applied, wanted, {int(row["number"]) for row in rows if row["compatible"]})
    missing = [
        migration for migration in wanted if migration.number not in applied and migration.number <= upto
    ]
    for migration in missing:
        async with connection.transaction():
            await connection.execute(migration.statements)
            await connection.execute(
                "INSERT INTO schema_migrations (number, title, sha256, compatible) VALUES ($1, $2, $3, $4)",
                migration.number,
                migration.title,
                migration.sha256,
                migration.compatible,
            )
        log.info("storage.migrated", number=migration.number, title=migration.title)
    return [migration.title for migration in missing]


def _refuse_strangers(applied: dict[int, str], wanted: list[Migration], harmless: set[int]) -> None:
    known = {migration.number: migration for migration in wanted}
    for number, sha256 in sorted(applied.items()):
        if number not in known and number in harmless:
            log.info("storage.newer", number=number, message="A newer version made it; this one works on.")
            continue
        if number not in known:
            raise StorageError(
                f"The database has migration {number}, unknown to this version; start the newer one."
            )
        if known[number].sha256 != sha256:
            raise StorageError(
                f"Migration {number} ({known[number].title}) was changed after it was applied; "
                "restore the file and write a new migration."
            )
