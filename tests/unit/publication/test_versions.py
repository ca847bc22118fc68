"""Versions on disk: whole or not there, one in force, and what a start makes of them."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.loading import ConfigError
from config.settings import Settings
from madoguchi.publication.assembly import in_force
from madoguchi.publication.source import Source, edited, write_back
from madoguchi.publication.starting import BROKEN_OFF, put_in_force
from madoguchi.publication.versions import NoSuchVersion, State, Version, Versions
from tests.unit.dialplan.small import settings

GOOD = Path(__file__).parents[1] / "config" / "good.toml"
OWN = "[custom-from-operators]\nexten => 71,1,Answer()\n"


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A copy whose files can be edited."""
    home = tmp_path / "home"
    home.mkdir()
    edits = tmp_path / "edits"
    edits.mkdir()
    (edits / "centre.toml").write_text(GOOD.read_text())
    return replace(settings(home), centre_file=edits / "centre.toml", custom_folder=edits / "custom")


@pytest.fixture
def write(place: Settings) -> Callable[[str], None]:
    """Edit the title."""

    def write(title: str) -> None:
        text = GOOD.read_text()
        line = next(line for line in text.splitlines() if line.startswith("title"))
        place.centre_file.write_text(text.replace(line, f'title = "{title}"', 1))

    return write


def titles(place: Settings) -> list[str]:
    return [version.state.value for version in Versions(place.layout)]


def test_the_first_start_publishes_the_edited_files_and_the_second_one_nothing(place: Settings) -> None:
    place.custom_folder.mkdir()
    (place.custom_folder / "own.conf").write_text(OWN)
    put_in_force(place)
    put_in_force(place)
    versions = Versions(place.layout)
    assert [version.number for version in versions] == [1]
    assert versions.source(1) == edited(place) == Source(GOOD.read_text(), {"own.conf": OWN})
    assert in_force(place).custom == {"own.conf": OWN}
    assert place.layout.published_plan.read_text() == GOOD.read_text()


def test_a_start_after_an_edit_publishes_it(place: Settings, write: Callable[[str], None]) -> None:
    put_in_force(place)
    write("次")
    put_in_force(place)
    assert in_force(place).plan.title == "次"
    current = Versions(place.layout).current
    assert current is not None
    assert (current.number, current.before) == (2, 1)


def test_a_mistake_leaves_everything_as_it_was(place: Settings) -> None:
    put_in_force(place)
    place.centre_file.write_text("title = 5")
    with pytest.raises(ConfigError):
        put_in_force(place)
    place.centre_file.write_text(GOOD.read_text())
    place.custom_folder.mkdir()
    (place.custom_folder / "own.conf").write_text("[offer]\n")
    with pytest.raises(ConfigError, match=r"own\.conf:1"):
        put_in_force(place)
    assert titles(place) == ["applied"]


def _try(place: Settings, state: State) -> Version:
    """Somebody applied the edited files, and it came so far."""
    versions = Versions(place.layout)
    version = Version(versions.next_number(), state, datetime.now(UTC), "okada", "try", before=1)
    versions.add(version, edited(place))
    versions.switch(version.number)
    return version


def test_what_was_broken_off_is_taken_back_by_the_next_controller(
    place: Settings, write: Callable[[str], None]
) -> None:
    put_in_force(place)
    before = in_force(place)
    write("途中")
    _try(place, State.APPLYING)
    assert place.layout.published_plan.read_text() != GOOD.read_text()
    assert in_force(place) == before
    assert titles(place) == ["applied", "applying"], "until Asterisk has read the old files again"


def test_a_start_does_not_publish_again_what_was_taken_back(
    place: Settings, write: Callable[[str], None]
) -> None:
    put_in_force(place)
    write("途中")
    _try(place, State.APPLYING)
    assert put_in_force(place).centre == GOOD.read_text()
    assert titles(place) == ["applied", "taken-back"]
    assert [version.reason for version in Versions(place.layout)] == [None, BROKEN_OFF]
    later = datetime.now(UTC).timestamp() + 60
    os.utime(place.centre_file, (later, later))
    assert "途中" in put_in_force(place).centre, "somebody has touched it since: that is a new wish"


def test_what_the_web_page_published_goes_into_the_edited_files(place: Settings) -> None:
    put_in_force(place)
    place.custom_folder.mkdir()
    (place.custom_folder / "old.conf").write_text(OWN)
    place.centre_file.chmod(0o640)
    wanted = Source("title = 1\n", {"own.conf": OWN})
    write_back(place, wanted)
    assert edited(place) == wanted
    assert place.centre_file.stat().st_mode & 0o777 == 0o640


def test_a_version_that_is_not_there_is_said(place: Settings) -> None:
    with pytest.raises(NoSuchVersion, match="There is no version 7"):
        Versions(place.layout).source(7)
    assert Versions(place.layout).current is None
