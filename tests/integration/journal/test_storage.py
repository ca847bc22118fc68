"""Migrations, statements and constraints on a real PostgreSQL."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage import Pool, StorageError, migrate, read_statements, statements
from storage.migrations import FILES, read_migrations
from storage.statements import SQL

AREAS = sorted(file.stem for file in SQL.glob("*.sql") if file.stem != "spool")
TITLES = [migration.title for migration in read_migrations()]


async def applied(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [
            row["title"]
            for row in await connection.fetch("SELECT title FROM schema_migrations ORDER BY number")
        ]
    finally:
        await connection.close()


async def test_migrations_are_applied_once_in_order(empty_database_url: str) -> None:
    assert TITLES == await migrate(empty_database_url)
    assert [] == await migrate(empty_database_url)
    assert TITLES == await applied(empty_database_url)


async def test_processes_that_start_together_do_not_race(empty_database_url: str) -> None:
    done = await asyncio.gather(*(migrate(empty_database_url) for _ in range(5)))
    assert TITLES == [title for titles in done for title in titles]


async def test_a_failing_migration_leaves_nothing_of_itself(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text("CREATE TABLE good ();")
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE half (); SELECT nonsense;")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(empty_database_url, tmp_path)
    assert ["good"] == await applied(empty_database_url)
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE half ();")
    assert ["bad"] == await migrate(empty_database_url, tmp_path)


async def test_a_migration_that_was_changed_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("CREATE TABLE a ();")
    await migrate(empty_database_url, tmp_path)
    (tmp_path / "0001_a.sql").write_text("CREATE TABLE a (); -- better")
    with pytest.raises(StorageError, match=r"Migration 1 \(a\) was changed"):
        await migrate(empty_database_url, tmp_path)


async def test_a_database_of_a_newer_version_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"000{number}_x.sql").write_text("SELECT 1;")
    await migrate(empty_database_url, tmp_path)
    (tmp_path / "0002_x.sql").unlink()
    with pytest.raises(StorageError, match="start the newer one"):
        await migrate(empty_database_url, tmp_path)


def test_a_gap_in_the_numbers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0002_x.sql").write_text("SELECT 1;")
    with pytest.raises(StorageError, match="without gaps"):
        read_migrations(tmp_path)


def test_every_constraint_has_a_name_of_its_own() -> None:
    for file in FILES.glob("*.sql"):
        for line in file.read_text().splitlines():
            if any(word in line for word in ("PRIMARY KEY", " UNIQUE", "REFERENCES", "CHECK (")):
                assert "CONSTRAINT" in line or "INDEX" in line, f"{file.name}: {line}"


@pytest.mark.parametrize("area", AREAS)
async def test_postgresql_understands_every_statement(area: str, pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute(statements("journal")["create_incoming"])
        for statement in statements(area).values():
            await connection.prepare(statement)


def test_a_statement_has_one_text(tmp_path: Path) -> None:
    file = tmp_path / "twice.sql"
    file.write_text("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n")
    with pytest.raises(StorageError, match="twice"):
        read_statements(file)


GOOD = {
    "name": "aoki",
    "title": "青木",
    "extension": "201",
    "sip_password": "x" * 12,
    "level": "senior",
    "role": "operator",
    "skills": {"booking": 10, "card": 0},
}
ADD_AGENT = f"""
INSERT INTO agents ({", ".join(GOOD)}) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""  # noqa: S608 - column names of this file


@pytest.mark.parametrize(
    ("fault", "constraint"),
    [
        ({"name": "Aoki!"}, "agents_name_is_slug"),
        ({"extension": "0x1"}, "agents_extension_is_digits"),
        ({"sip_password": "short"}, "agents_sip_password_long_enough"),
        ({"role": "king"}, "agents_role_known"),
        ({"extension": None}, "agents_who_answer_have_a_phone"),
        ({"skills": {"booking": 11}}, "agents_skills_are_weights"),
        ({"skills": {"booking": "10"}}, "agents_skills_are_weights"),
        ({"skills": []}, "agents_skills_are_weights"),
    ],
)
async def test_an_agent_with_a_fault_is_refused_by_a_constraint_that_names_it(
    pool: Pool, fault: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await pool.execute(ADD_AGENT, *{**GOOD, **fault}.values())
    assert constraint == refused.value.constraint_name


async def test_agents_who_answer_and_those_who_only_sign_in_are_taken(pool: Pool) -> None:
    await pool.execute(ADD_AGENT, *GOOD.values())
    city = {
        **GOOD,
        "name": "city-1",
        "role": "city",
        "extension": None,
        "sip_password": None,
        "level": None,
        "skills": {},
    }
    await pool.execute(ADD_AGENT, *city.values())
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        await pool.execute(ADD_AGENT, *{**GOOD, "name": "baba"}.values())
    assert "agents_extension_once" == refused.value.constraint_name
