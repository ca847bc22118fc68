"""A machine that stands by for another one's Asterisk: what it needs, and what it refuses in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from madoguchi.controller.afar import require_copied
from madoguchi.controller.connections import database_of
from madoguchi.local import LocalError
from madoguchi.local.starting import start
from madoguchi.local.upgrading import upgrade

THERE = {"MADOGUCHI_ASTERISK_ADDRESS": "10.99.0.1"}


def settings(home: Path) -> Settings:
    return Settings.from_environment({**THERE, "MADOGUCHI_HOME": str(home)})


def test_what_was_not_copied_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"There is no .*secrets\.json and .*centre\.toml; copy it"):
        require_copied(settings(tmp_path / "home"))
    for name in ("secrets.json", "centre.toml"):
        (tmp_path / "home" / name).touch()
    require_copied(settings(tmp_path / "home"))
    assert (tmp_path / "home" / "journal").is_dir()


def test_it_needs_the_other_machines_database(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="DATABASE_URL is not set; give the database of the machine"):
        database_of(settings(tmp_path))


@pytest.mark.parametrize("begin", [start, upgrade])
def test_nothing_is_started_or_upgraded_as_on_a_machine_with_asterisk(tmp_path: Path, begin: Any) -> None:
    with pytest.raises(LocalError, match=r"10\.99\.0\.1 is another machine: this one only stands by"):
        begin(settings(tmp_path), None, None)
    assert list(tmp_path.iterdir()) == []
