"""A centre is backed up, destroyed and restored; nothing is missing. What is broken or foreign is refused."""

import asyncio
import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from madoguchi.cli import main
from madoguchi.doctor import Health, services
from madoguchi.keeping import BackupError, backup, restore
from madoguchi.keeping.server import serving
from madoguchi.local.steps import Steps
from tests.integration.keeping.centre import (
    LATE_CALL,
    Contents,
    KeptCentre,
    carry_over,
    elsewhere,
    filled_centre,
    settings_in,
)
from tests.postgres_fixture import database


@dataclass(frozen=True)
class Made:
    """A backup, and the centre that it was made of; nobody changes either."""

    folder: Path
    centre: KeptCentre


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("keeping")
    place.chmod(0o700)
    centre = filled_centre(place)
    backup(place / "backup", centre.settings, Steps())
    return Made(place / "backup", centre)


@pytest.fixture
def spoilt(made: Made, tmp_path: Path) -> Path:
    """A copy of the backup, to be broken."""
    return shutil.copytree(made.folder, tmp_path / "spoilt")


def test_a_destroyed_centre_comes_back_with_everything_it_had(made: Made, tmp_path: Path) -> None:
    before = made.centre
    files = before.files()
    lost = tmp_path / "lost"
    before.settings.home.rename(lost)  # the home and, in it, the database are gone
    try:
        there = elsewhere(before.settings, tmp_path)
        restored = restore(made.folder, there, Steps())
    finally:
        lost.rename(before.settings.home)
    after = KeptCentre(there, before.contents)
    assert files == after.files()
    assert before.settings.centre_file.read_text() == (restored.configuration / "centre.toml").read_text()
    with serving(after.cluster, there.layout.logs / "postgres.log") as url:
        found = asyncio.run(Contents.of(url))
        assert before.contents == found
        assert len(found.tables["calls"]) == 1
        assert len(found.tables["seats"]) > 1
        verdict = asyncio.run(carry_over(there, url))
        later = asyncio.run(Contents.of(url))
    assert verdict.problem is None
    assert verdict.rows == len(before.contents.tables["audit"]) + 1
    assert [LATE_CALL in row for row in later.tables["calls"]].count(True) == 1


def test_the_backup_can_be_read_by_its_owner_only(made: Made) -> None:
    assert 0o700 == made.folder.stat().st_mode & 0o777
    readable = [file for file in made.folder.rglob("*") if file.stat().st_mode & 0o077]
    assert readable == []


def test_a_restored_database_guards_its_rows_as_before(made: Made, tmp_path: Path, postgres_url: str) -> None:
    """Triggers are silent only while the rows are put back."""
    with database(postgres_url) as url:
        restore(made.folder, replace(elsewhere(made.centre.settings, tmp_path), database_url=url), Steps())
        for statement in ("DELETE FROM audit", "DELETE FROM seats WHERE reservation IS NOT NULL"):
            with pytest.raises(asyncpg.PostgresError, match=r"append-only|does not have a seat"):
                asyncio.run(_execute(url, statement))


def test_a_centre_with_data_is_replaced_only_on_request(made: Made, tmp_path: Path) -> None:
    there = settings_in(tmp_path)
    there.home.mkdir()
    (there.home / "roster.json").write_text("mine")
    with pytest.raises(
        BackupError, match=r"There is a centre in .* already; with --over its home is moved aside"
    ):
        restore(made.folder, there, Steps())
    assert ["roster.json"] == [file.name for file in there.home.iterdir()]
    restored = restore(made.folder, there, Steps(), over=True)
    assert restored.aside is not None
    assert (restored.aside / "roster.json").read_text() == "mine"
    assert (there.home / "roster.json").read_text() != "mine"


def test_a_given_database_is_filled_too_and_not_over_rows_unasked(
    made: Made, tmp_path: Path, postgres_url: str
) -> None:
    with database(postgres_url) as url:
        there = replace(elsewhere(made.centre.settings, tmp_path), database_url=url)
        restore(made.folder, there, Steps())
        assert made.centre.contents == asyncio.run(Contents.of(url))
        again = replace(there, home=tmp_path / "another")
        with pytest.raises(BackupError, match=r"DATABASE_URL names holds a centre already; with --over"):
            restore(made.folder, again, Steps())
        assert not again.home.exists()
        restore(made.folder, again, Steps(), over=True)
        assert made.centre.contents == asyncio.run(Contents.of(url))


def test_the_doctor_finds_a_restored_database_in_order(made: Made, tmp_path: Path, postgres_url: str) -> None:
    with database(postgres_url) as url:
        assert "holds no centre" in services.database(url)[1].said
        restore(made.folder, replace(elsewhere(made.centre.settings, tmp_path), database_url=url), Steps())
        assert ["database", "migrations", "clock"] == [finding.what for finding in services.database(url)]
        assert {Health.OK} == {finding.health for finding in services.database(url)}


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (shutil.rmtree, "is not a backup of Madoguchi: it has no manifest"),
        (lambda folder: _append(folder / "manifest.json"), "manifest in .* was damaged or changed"),
        (
            lambda folder: _append(folder / "database/calls.copy.gz"),
            "database/calls.copy.gz was damaged or changed",
        ),
        (
            lambda folder: (folder / "home/secrets.json").unlink(),
            "home/secrets.json is missing from the backup",
        ),
        (
            lambda folder: _rewrite(folder, format="tar"),
            "made by a version .* whose backups this one cannot read",
        ),
        (lambda folder: _rewrite(folder, migrations=[[1, "0" * 64]]), "Migration 1 was another one"),
        (
            lambda folder: _rewrite(folder, migrations=[[9999, "0" * 64]]),
            "migration 9999, which this version does not",
        ),
        (
            lambda folder: _rewrite(folder, files={"../../etc/passwd": {"sha256": "", "bytes": 1}}),
            "lies outside of it",
        ),
    ],
)
def test_a_broken_or_foreign_backup_is_refused_and_nothing_is_made(
    made: Made, spoilt: Path, tmp_path: Path, spoil: object, sentence: str
) -> None:
    assert callable(spoil)
    spoil(spoilt)
    there = elsewhere(made.centre.settings, tmp_path)
    with pytest.raises(BackupError, match=sentence):
        restore(spoilt, there, Steps())
    assert list(tmp_path.glob("*new home*")) == []


def test_a_row_too_few_leaves_the_given_database_as_it_was(
    made: Made, spoilt: Path, tmp_path: Path, postgres_url: str
) -> None:
    told = json.loads((spoilt / "manifest.json").read_text())
    told["tables"]["calls"]["rows"] += 1
    _rewrite(spoilt, tables=told["tables"])
    with database(postgres_url) as url:
        there = replace(elsewhere(made.centre.settings, tmp_path), database_url=url)
        with pytest.raises(BackupError, match=r"Rows are missing or too many in: calls"):
            restore(spoilt, there, Steps())
        assert not any(asyncio.run(Contents.of(url)).tables.values())


def test_commands_say_in_one_sentence_what_is_in_the_way(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path / "nothing here"))
    for arguments in (
        ["backup", str(tmp_path / "to")],
        ["backup", str(made.folder)],
        ["restore", str(tmp_path)],
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert (ended.value.code, said.err.count("\n")) == (1, 1)
    assert not (tmp_path / "to").exists()


# --- helpers -----------------------------------------------------------------------------------------------


def _append(file: Path) -> None:
    with file.open("ab") as opened:
        opened.write(b"x")


def _rewrite(folder: Path, **changes: object) -> None:
    """Change the manifest as somebody would who knows how its checksum is made."""
    text = json.dumps(json.loads((folder / "manifest.json").read_text()) | changes)
    (folder / "manifest.json").write_text(text)
    (folder / "manifest.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
