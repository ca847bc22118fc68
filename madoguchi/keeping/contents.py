"""What of a home belongs into a backup, besides the database: everything that nothing else can make again.

Left out: rendered sounds and Asterisk's files (made at every start), logs, what only a running copy has.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from config.layout import Layout
from config.loading import ConfigError, load_centre
from config.settings import Settings
from madoguchi.keeping.manifest import CONFIGURATION
from sounds.names import rendered_names

SPOOL = ".sqlite"


def tails(layout: Layout) -> list[Path]:
    """Return what the journal had not committed yet (``telephony.tail``)."""
    return [file for file in sorted(_journal(layout)) if f"{SPOOL}.tail-" in file.name]


def spools(layout: Layout) -> list[Path]:
    """Return the SQLite files of the journal and of the audit trail."""
    return [file for file in sorted(_journal(layout)) if file.suffix == SPOOL]


def _journal(layout: Layout) -> Iterator[Path]:
    return (file for file in layout.journal_file.parent.glob("*") if file.is_file())


def files(layout: Layout) -> Iterator[Path]:
    """Yield every file of the home that is kept, but for the journal's. Their order means nothing."""
    made_again = (layout.postgres, layout.journal_file.parent, layout.asterisk, layout.sounds)
    only_while_up = (layout.run_file, layout.supervisor, layout.logs)
    restored = layout.home / CONFIGURATION  # what an earlier backup held, for somebody to compare
    for path in sorted(layout.home.iterdir()):
        if path not in (*made_again, *only_while_up, restored):
            yield from _below(path)
    spool = layout.emergency_flag.parent
    for path in (layout.emergency_flag, spool / "unserved.csv", layout.messages, layout.asterisk_tls):
        yield from _below(path)
    yield from _own_sounds(layout)


def _below(path: Path) -> Iterator[Path]:
    """Yield *path*, or every file below it."""
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    yield from (file for file in found if file.is_file() and not file.is_symlink())


def _own_sounds(layout: Layout) -> Iterator[Path]:
    """Yield sounds that no build makes: somebody put them there."""
    try:
        made = rendered_names(load_centre(layout.published_plan))
    except (ConfigError, OSError):
        made = frozenset()  # a plan that cannot be read names nothing: better too much than too little
    for file in sorted(layout.sounds.rglob("*")):
        name = file.relative_to(layout.sounds).with_suffix("").as_posix()
        if file.is_file() and name not in made:
            yield file


def configuration(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield what operations staff edit: the name in the backup, and the file."""
    if settings.centre_file.is_file():
        yield "centre.toml", settings.centre_file
    for file in sorted(custom_folder().glob("*.conf")):
        yield f"dialplan/{file.name}", file


def custom_folder() -> Path:
    """Return where operations staff keep dialplan of their own."""
    return Path(os.environ.get("MADOGUCHI_DIALPLAN", "dialplan/custom")).absolute()
