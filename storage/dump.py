"""A whole database as files, and back: one file a table, all of one moment.

PostgreSQL's own ``COPY`` (https://www.postgresql.org/docs/15/sql-copy.html), so no program of the server is
needed where a backup is made, and the server may be of another version where it is loaded. It knows no table
by name but the ledger of migrations.
"""

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import BinaryIO, cast

import asyncpg

from storage.errors import StorageError
from storage.migrations import migrate, read_migrations
from storage.statements import statements

SQL = statements("dump")
CONNECT_S = 5.0
QUICK = 1
"""gzip's level: COPY's text shrinks to a tenth already, and calls need the processors."""

Progress = Callable[[str, int, int], None]
"""Called with a table, its place among the tables and how many there are."""


@dataclass(frozen=True, slots=True)
class DumpedTable:
    """One table: its columns in the order of the file, and how many rows it had."""

    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Dump:
    """What was written: *migrations* as (number, sha256), tables, and the last number of each sequence."""

    server: str
    migrations: tuple[tuple[int, str], ...]
    tables: tuple[DumpedTable, ...]
    sequences: Mapping[str, int]


def file_of(folder: Path, table: str) -> Path:
    """Return where the rows of *table* lie."""
    return folder / f"{table}.copy.gz"


async def dump(url: str, folder: Path, progress: Progress) -> Dump:
    """Write every table of the database at *url* into *folder*, as of one moment.

    Raises `StorageError` for a database that is not ours, OSError, and what asyncpg raises.
    """
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if not await connection.fetchval(SQL["has_migrations"]):
                raise StorageError("The database holds no centre: it has no list of migrations.")
            applied = await connection.fetch(SQL["migrations"])
            found = await connection.fetch(SQL["tables"])
            tables = []
            for place, row in enumerate(found, start=1):
                progress(row["name"], place, len(found))
                tables.append(await _write(connection, row, folder))
            sequences = await connection.fetch(SQL["sequences"])
            return Dump(
                server=str(await connection.fetchval("SHOW server_version")),
                migrations=tuple((row["number"], row["sha256"]) for row in applied),
                tables=tuple(tables),
                sequences={
                    row["name"]: row["last_value"] for row in sequences if row["last_value"] is not None
                },
            )
    finally:
        await connection.close(timeout=CONNECT_S)


async def _write(
    connection: "asyncpg.Connection[asyncpg.Record]", table: asyncpg.Record, folder: Path
) -> DumpedTable:
    columns = tuple(table["columns"])
    path = file_of(folder, table["name"])
    path.touch(0o600)
    with gzip.open(path, "wb", QUICK) as file:
        said = await connection.copy_from_table(table["name"], columns=columns, output=cast("BinaryIO", file))
    return DumpedTable(table["name"], columns, int(said.split()[-1]))


def require_known(migrations: Sequence[tuple[int, str]]) -> None:
    """Raise `StorageError` unless this version knows every one of *migrations*, unchanged."""
    known = {migration.number: migration.sha256 for migration in read_migrations()}
    for number, sha256 in migrations:
        if number not in known:
            raise StorageError(
                f"It has migration {number}, which this version does not know; use the newer version."
            )
        if known[number] != sha256:
            raise StorageError(
                f"Migration {number} was another one when it was made; use the version that made it."
            )


async def rows_in(url: str) -> Mapping[str, int]:
    """Return how many rows each table has; empty for a database without our tables."""
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    try:
        return await _rows(connection) if await connection.fetchval(SQL["has_migrations"]) else {}
    finally:
        await connection.close(timeout=CONNECT_S)


async def load(url: str, folder: Path, content: Dump, progress: Progress) -> None:
    """Make the database at *url* what *content* says, all or nothing, then bring it up to date.

    What its tables held is gone. Raises `StorageError`, when rows are missing or the database is newer than
    the dump; OSError; and what asyncpg raises. Then the tables hold what they held before.
    """
    require_known(content.migrations)
    newest = max(number for number, _ in content.migrations)
    await migrate(url, upto=newest)
    connection = await asyncpg.connect(url, timeout=CONNECT_S)
    try:
        present = await connection.fetch(SQL["migrations"])
        if [row["number"] for row in present] != [number for number, _ in content.migrations]:
            raise StorageError(
                "The database is newer than the backup; give an empty one, or use the older version."
            )
        async with connection.transaction():
            await _replace(connection, folder, content, progress)
    finally:
        await connection.close(timeout=CONNECT_S)
    await migrate(url)


async def _replace(
    connection: "asyncpg.Connection[asyncpg.Record]", folder: Path, content: Dump, progress: Progress
) -> None:
    """Empty every table, then fill it. Triggers of ours are silent: what they guard was guarded already."""
    tables = {row["name"]: row for row in await connection.fetch(SQL["tables"])}
    order = _order(list(tables), await connection.fetch(SQL["references"]))
    for name in order:
        await connection.execute(tables[name]["silence"])
    for name in reversed(order):
        await connection.execute(tables[name]["empty"])
    dumped = {table.name: table for table in content.tables}
    for place, name in enumerate((name for name in order if name in dumped), start=1):
        progress(name, place, len(dumped))
        with gzip.open(file_of(folder, name), "rb") as file:
            source = cast("BinaryIO", file)
            await connection.copy_to_table(name, source=source, columns=dumped[name].columns)
    for name, last in content.sequences.items():
        await connection.execute(SQL["set_sequence"], name, last)
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in order:
        await connection.execute(tables[name]["wake"])
    _compare(content, await _rows(connection))


def _order(tables: Sequence[str], references: Sequence[asyncpg.Record]) -> list[str]:
    sorter = TopologicalSorter({name: set[str]() for name in tables})
    for row in references:
        sorter.add(row["child"], row["parent"])
    return list(sorter.static_order())


def _compare(content: Dump, rows: Mapping[str, int]) -> None:
    wrong = [table.name for table in content.tables if rows.get(table.name) != table.rows]
    if wrong:
        raise StorageError(f"Rows are missing or too many in: {', '.join(wrong)}.")


async def _rows(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    return {
        row["name"]: int(await connection.fetchval(row["count"]))
        for row in await connection.fetch(SQL["tables"])
    }
