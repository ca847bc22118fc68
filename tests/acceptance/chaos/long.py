"""What the long forms share: how often something is struck, and a centre of their own, gone afterwards."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import stamina.instrumentation

from tests.acceptance.chaos.run import Chaos, Counts
from tests.acceptance.chaos.strikes import How
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.storm.centre import centre_toml

_KEPT = "kept"


def counts(settings: Mapping[tuple[str, How], str]) -> Counts:
    """Return the counts of *settings* (``VARIABLE=default``), as the environment has them."""
    read = {}
    for what, setting in settings.items():
        name, _, default = setting.partition("=")
        read[what] = int(os.environ.get(name, default))
    return read


def strike_all(settings: Mapping[tuple[str, How], str], size: int, **environment: str) -> int:
    """Strike a centre of its own as *settings* say, telling of each strike; return 1 if a promise was broken.

    ``CHAOS_SIZE`` changes *size*, ``CHAOS_SEED`` the order and the moments.
    """
    seed, size = int(os.environ.get("CHAOS_SEED", "1")), int(os.environ.get("CHAOS_SIZE", str(size)))
    with own_copy("chaos", **environment) as (copy, folder):
        chaos = Chaos(copy, folder / "ledgers", counts(settings), seed, size, partial(print, flush=True))
        found = asyncio.run(chaos.run())
        print(chaos.report(found))  # noqa: T201 -- this is a command
        if found:
            keep(folder)
    return 1 if found else 0


def keep(folder: Path) -> None:
    """Let `own_copy` leave *folder* there, with logs and database, for whoever looks for why."""
    (folder / _KEPT).touch()
    print(f"everything is kept in {folder}")  # noqa: T201 -- this is a command


@contextmanager
def own_copy(name: str, words: str = "", **environment: str) -> Iterator[tuple[Copy, Path]]:
    """Run a centre with *words* as its ``centre.toml``, or the storm's; with a standby, as people have it.

    Yields it, and a folder for what it leaves, which is gone afterwards unless it was told to `keep`.
    """
    stamina.instrumentation.set_on_retry_hooks([])  # thousands of short waits are no news
    folder = Path(tempfile.mkdtemp(prefix=f"madoguchi-{name}-"))
    folder.chmod(0o755)  # Asterisk's own user must be able to walk to its files
    centre = folder / "centre.toml"
    centre.write_text(words or centre_toml(), encoding="utf-8")
    try:
        standby = os.environ.get("MADOGUCHI_STANDBY", "1")
        copy = start_copy(folder / "home", centre, **{"MADOGUCHI_STANDBY": standby, **environment})
        try:
            yield copy, folder
        except Exception:
            keep(folder)
            raise
        finally:
            copy.make("down", STOP_LIMIT_S)
    finally:
        if not (folder / _KEPT).exists():
            shutil.rmtree(folder)
