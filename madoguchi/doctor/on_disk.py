"""What can be seen in files alone: configuration, sounds, passwords' files, room on the disk, spools."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from agents.audit.spool import Spool as AuditSpool
from config.loading import ConfigError, load_centre
from config.schema import Centre
from config.settings import Settings
from madoguchi.doctor.finding import Finding, ok, red, warning
from sounds.names import rendered_names
from telephony.spool import Spool

GB = 1_000_000_000
LITTLE_ROOM, NO_ROOM = 5 * GB, 1 * GB
"""A busy day's recordings take about 2 GB."""

DEEP, DEEPER = 1_000, 20_000
"""Entries in a spool: a call makes some 15, a running worker leaves hardly any for a second."""

_OTHERS = 0o077
_NAMED = 3


def configuration(settings: Settings) -> tuple[Centre | None, list[Finding]]:
    """Return the centre in force, if there is one, and what is wrong with it or with the edited file."""
    published = settings.layout.published_plan
    file = published if published.exists() else settings.centre_file
    try:
        centre = load_centre(file)
    except (ConfigError, OSError) as error:
        first = str(error).splitlines()[0]
        mend = "Correct {file}; `madoguchi config check` names every mistake."
        return None, [red("configuration", "{error}", mend, error=first, file=file)]
    edited = settings.centre_file
    if file == edited or (edited.exists() and edited.read_bytes() == published.read_bytes()):
        return centre, [ok("configuration", "{file} is in order and in force.", file=edited)]
    return centre, [
        warning(
            "configuration",
            "{file} is not what is in force.",
            "Put it in force with `madoguchi config apply`, or take the change back.",
            file=edited,
        )
    ]


def prompts(settings: Settings, centre: Centre) -> Finding:
    """Say whether every sound that callers may hear is there."""
    folder = settings.layout.sounds
    missing = [name for name in sorted(rendered_names(centre)) if not _sounds(folder / f"{name}.sln16")]
    if not missing:
        return ok("prompts", "Every announcement can be played.")
    named = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
    return red(
        "prompts",
        "{count} announcements are missing or empty: {names}.",
        "Make them with `madoguchi sounds build`.",
        count=len(missing),
        names=named,
    )


def _sounds(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def disk(settings: Settings) -> Finding:
    """Say whether there is room for recordings and spools."""
    usage = shutil.disk_usage(settings.home)
    room = os.statvfs(settings.home)
    said = "{free:.1f} GB of {total:.1f} are free below {home}."
    values = {"free": usage.free / GB, "total": usage.total / GB, "home": settings.home}
    mend = "Make room: recordings first, then old logs; never journal/*.sqlite*."
    if room.f_files and not room.f_favail:
        return red("disk", "No file can be made any more below {home}.", mend, **values)
    if usage.free < NO_ROOM:
        return red("disk", said, mend, **values)
    return warning("disk", said, mend, **values) if usage.free < LITTLE_ROOM else ok("disk", said, **values)


def permissions(settings: Settings) -> Finding:
    """Say whether anybody else on this machine could read what is private."""
    layout = settings.layout
    private = (
        layout.secrets_file,
        layout.roster_file,
        layout.run_file,
        layout.audit_spool,
        layout.recordings,
    )
    allowed = 0o007  # recordings belong to Asterisk, whose group is its own
    open_ones = [
        path
        for path in (*private, layout.journal_file.parent, layout.supervisor, layout.postgres)
        if path.exists() and path.stat().st_mode & (allowed if path.is_dir() else _OTHERS)
    ]
    if not open_ones:
        return ok("permissions", "Passwords, recordings and spools are closed to others.")
    named = " ".join(map(str, open_ones))
    return red("permissions", "Other users can read {files}.", "Run: chmod go-rwx {files}", files=named)


def spools(settings: Settings) -> Iterator[Finding]:
    """Say for each spool how much in it waits for the database."""
    layout = settings.layout
    for name, file, kind in (
        ("journal", layout.journal_file, Spool),
        ("rescue", layout.rescue_file, Spool),
        ("audit", layout.audit_spool, AuditSpool),
    ):
        if file.exists():
            yield _spool(f"spool: {name}", file, kind)


def _spool(what: str, file: Path, kind: type[Spool] | type[AuditSpool]) -> Finding:
    try:
        with closing(kind(file)) as spool:
            depth = spool.depth()
    except (sqlite3.Error, OSError, TypeError) as error:
        mend = "Do not delete it; see docs/operations.md, restore."
        return red(what, "{file} cannot be read ({error}).", mend, file=file, error=error)
    said = "{depth} entries wait for the database."
    mend = "Look whether worker and database run (`make status`); it empties by itself then."
    if depth > DEEPER:
        return red(what, said, mend, depth=depth)
    return warning(what, said, mend, depth=depth) if depth > DEEP else ok(what, said, depth=depth)


def emergency(settings: Settings) -> Finding:
    """Say whether every caller hears the disaster announcement."""
    if settings.layout.emergency_flag.exists():
        return warning(
            "emergency",
            "The disaster mode is on: every call hears an announcement.",
            "End it with `madoguchi emergency off` when it is over.",
        )
    return ok("emergency", "The disaster mode is off.")
