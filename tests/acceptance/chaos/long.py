"""What the long forms share: how often something is struck, and a centre of their own, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import stamina.instrumentation

from tests.acceptance.chaos.run import Counts
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.storm.centre import centre_toml


def counts(settings: Mapping[tuple[str, How], str]) -> Counts:
    """Return the counts of *settings* (``VARIABLE=default``), as the environment has them."""
    read = {}
    for what, setting in settings.items():
        name, _, default = setting.partition("=")
        read[what] = int(os.environ.get(name, default))
    return read


@contextmanager
def own_copy(name: str, **environment: str) -> Iterator[tuple[Copy, Path]]:
    """Run the storm's centre without a standby; yields it, and a folder for what it leaves."""
    stamina.instrumentation.set_on_retry_hooks([])  # thousands of short waits are no news
    with tempfile.TemporaryDirectory(prefix=f"madoguchi-{name}-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
        centre = folder / "centre.toml"
        centre.write_text(centre_toml(), encoding="utf-8")
        copy = start_copy(folder / "home", centre, **environment)
        try:
            yield copy, folder
        finally:
            copy.make("down", STOP_LIMIT_S)
