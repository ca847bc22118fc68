"""Copies in homes that nobody but root can walk into, on ports of their own, stopped after use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from madoguchi.local import down, ports
from tests.integration.local.copies import Copy

_SEARCHED = 90
"""Ports that are tried for each copy; it needs three in a row."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Return a copy that is up, shared by the tests that leave it so."""
    copy = _copy(tmp_path_factory.mktemp("running"), 19_000)
    copy.up()
    yield copy
    down(copy.settings, copy.steps)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    """Return a copy of the test's own that is down."""
    copy = _copy(tmp_path, 19_100)
    yield copy
    down(copy.settings, copy.steps)


def _copy(directory: Path, first_port: int) -> Copy:
    directory.chmod(0o700)
    home = directory / "home"
    port = ports.first_free(first_port, _SEARCHED)
    return Copy(Settings(home, home / "centre.toml", None, port, port, port + 1, port + 2))
