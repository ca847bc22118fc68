"""Files reach Asterisk whole or not at all, and it is told only of those that changed."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import dialplan
from dialplan.publish import write_files
from tests.unit.dialplan.small import SECRETS, agent, centre, settings


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def write(home: Path, *extensions: str) -> frozenset[str]:
    roster = [agent(extension) for extension in extensions]
    return dialplan.write(centre(), roster, settings(home), SECRETS)


def test_the_first_time_everything_is_new_and_the_second_time_nothing(tmp_path: Path) -> None:
    first = write(tmp_path, "201")
    assert first == {path.name for path in (tmp_path / "asterisk" / "etc").iterdir()}
    assert write(tmp_path, "201") == frozenset()


def test_another_operator_changes_one_file(tmp_path: Path) -> None:
    write(tmp_path, "201")
    assert write(tmp_path, "201", "202") == {"pjsip_agents.conf"}
    assert write(tmp_path, "202") == {"pjsip_agents.conf"}


def test_files_with_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    write(tmp_path, "201")
    etc = tmp_path / "asterisk" / "etc"
    secret = {path.name for path in etc.iterdir() if mode(path) == 0o600}
    assert secret == {"ari.conf", "manager.conf", "pjsip_agents.conf", "pjsip_trunks.conf"}
    nobody_registers = {"pjsip_trunks.conf"}
    for path in (path for path in etc.iterdir() if path.name not in nobody_registers):
        holds = any(word in path.read_text() for word in ("ari-secret", "ami-secret", "MD5:"))
        assert holds == (path.name in secret), path.name


def test_nobody_else_may_look_into_the_directories_of_calls(tmp_path: Path) -> None:
    write(tmp_path)
    for directory in (
        tmp_path / "recordings",
        tmp_path / "asterisk" / "spool",
        tmp_path / "asterisk" / "etc",
    ):
        assert mode(directory) == 0o750


def test_a_file_that_is_no_longer_rendered_goes_away_and_counts_as_changed(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.conf": "1", "b.conf": "2"}, owner=None)
    assert write_files(tmp_path, {"a.conf": "1"}, owner=None) == {"b.conf"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.conf"]


def test_a_file_is_replaced_as_a_whole_while_a_reader_keeps_the_old_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.conf": "old"}, owner=None)
    with (tmp_path / "a.conf").open() as reader:
        write_files(tmp_path, {"a.conf": "new"}, owner=None)
        assert reader.read() == "old"
    assert (tmp_path / "a.conf").read_text() == "new"


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a few bytes, as on a disk that is almost full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_old_file_and_no_scraps(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.conf": "old"}, owner=None)
    with pytest.raises(OSError, match="too large"), full_disk():
        write_files(tmp_path, {"a.conf": "much too long"}, owner=None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.conf"]
    assert (tmp_path / "a.conf").read_text() == "old"
