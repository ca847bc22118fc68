"""A migration must leave the version before it at work: an upgrade has both, and may be taken back."""

from pathlib import Path

import pytest
import structlog

from storage import StorageError, migrate, open_pool
from storage.migrations import COMPATIBLE, read_migrations
from tests.schema_change import losses, schema

OLDER = 20
"""Up to this number migrations were made before anybody could upgrade while calls go on."""

FIRST = "CREATE TABLE a (x integer NOT NULL, y text, CONSTRAINT a_x_once UNIQUE (x));"


async def changed(url: str, folder: Path, statements: str) -> list[str]:
    """Apply *statements* after `FIRST`; return what the version before would miss."""
    (folder / "0001_first.sql").write_text(FIRST)
    await migrate(url, folder)
    pool = await open_pool(url, name="test")
    before = await schema(pool)
    (folder / "0002_second.sql").write_text(statements)
    await migrate(url, folder)
    found = list(losses(before, await schema(pool)))
    await pool.close()
    return found


async def test_every_migration_from_now_on_leaves_the_version_before_it_at_work(
    empty_database_url: str,
) -> None:
    watched = await open_pool(empty_database_url, name="test")
    for migration in read_migrations():
        before = await schema(watched)
        await migrate(empty_database_url, upto=migration.number)
        if migration.number > OLDER:
            assert migration.compatible, f"{migration.title}: make it so, and say so with: {COMPATIBLE}"
            assert [] == list(losses(before, await schema(watched)))
    await watched.close()


@pytest.mark.parametrize(
    "harmless",
    [
        "ALTER TABLE a ADD z text;",
        "ALTER TABLE a ADD z integer NOT NULL DEFAULT 1, ADD CONSTRAINT a_z_positive CHECK (z > 0);",
        "CREATE TABLE b (x integer NOT NULL, CONSTRAINT b_a FOREIGN KEY (x) REFERENCES a (x));",
        "CREATE INDEX a_y ON a (y);",
    ],
)
async def test_what_only_adds_takes_nothing_away(
    empty_database_url: str, tmp_path: Path, harmless: str
) -> None:
    assert [] == await changed(empty_database_url, tmp_path, harmless)


@pytest.mark.parametrize(
    ("harmful", "found"),
    [
        ("ALTER TABLE a DROP y;", "a.y is gone"),
        ("ALTER TABLE a RENAME y TO z;", "a.y is gone"),
        ("ALTER TABLE a ALTER x TYPE bigint;", "a.x was integer and is bigint"),
        ("ALTER TABLE a ALTER y SET NOT NULL;", "a.y must be given now"),
        ("ALTER TABLE a ADD z text NOT NULL;", "a.z is new and must be given"),
        ("ALTER TABLE a ADD CONSTRAINT a_y_known CHECK (y = 'b');", "a: a_y_known is new and binds ['y']"),
        ("CREATE UNIQUE INDEX a_y_once ON a (y);", "a: a_y_once is new and binds ['y']"),
        ("ALTER TABLE a DROP CONSTRAINT a_x_once;", "a: a_x_once is gone or says something else"),
    ],
)
async def test_what_takes_something_away_is_seen(
    empty_database_url: str, tmp_path: Path, harmful: str, found: str
) -> None:
    assert found in await changed(empty_database_url, tmp_path, harmful)


async def test_the_version_before_may_come_back_if_the_newer_one_only_added(
    empty_database_url: str, tmp_path: Path
) -> None:
    await changed(empty_database_url, tmp_path, f"{COMPATIBLE}\nALTER TABLE a ADD z text;")
    (tmp_path / "0002_second.sql").unlink()
    with structlog.testing.capture_logs() as logs:
        assert [] == await migrate(empty_database_url, tmp_path)
    assert ["storage.newer"] == [line["event"] for line in logs]


async def test_it_is_refused_if_the_newer_one_said_nothing_of_the_kind(
    empty_database_url: str, tmp_path: Path
) -> None:
    await changed(empty_database_url, tmp_path, "ALTER TABLE a ADD z text;")
    (tmp_path / "0002_second.sql").unlink()
    with pytest.raises(StorageError, match="start the newer one"):
        await migrate(empty_database_url, tmp_path)
