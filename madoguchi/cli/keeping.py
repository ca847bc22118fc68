"""``backup`` and ``restore``: the centre as a folder, and a centre from that folder."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from madoguchi.cli import running
from madoguchi.cli.audit import note
from madoguchi.cli.errors import CommandError
from madoguchi.cli.showing import AsJson, say, show_json

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The backup's folder.")]


def backup(folder: Folder, *, as_json: AsJson = False) -> None:
    """Write database, recordings, configuration and passwords into an empty folder; calls go on."""
    from madoguchi.keeping import BackupError  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.keeping import backup as make  # noqa: PLC0415
    from madoguchi.local.steps import Steps  # noqa: PLC0415

    settings = running.settings()
    if settings.layout.secrets_file.exists():
        note("cli.backup", "backup", folder=str(folder))
    try:
        made = make(folder, settings, Steps(Console(stderr=as_json, highlight=False)))
    except BackupError as error:
        raise CommandError(str(error)) from error
    if as_json:
        show_json({"folder": str(folder), **made.model_dump(mode="json", exclude={"files", "migrations"})})
    else:
        say(
            f"{folder}: {made.rows} rows, {len(made.files)} files. It holds passwords and what citizens said."
        )


def restore(
    folder: Folder,
    *,
    over: Annotated[bool, typer.Option("--over", help="Replace a centre that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make this copy what a backup says; the centre must be stopped."""
    from madoguchi.keeping import BackupError  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.keeping import restore as make  # noqa: PLC0415
    from madoguchi.local.steps import Steps  # noqa: PLC0415

    settings = running.settings()
    try:
        done = make(folder, settings, Steps(Console(stderr=as_json, highlight=False)), over=over)
    except BackupError as error:
        raise CommandError(str(error)) from error
    note("cli.restore", "backup", folder=str(folder), made_at=done.content.made_at.isoformat())
    if as_json:
        aside = None if done.aside is None else str(done.aside)
        show_json({"home": str(settings.home), "aside": aside, "configuration": str(done.configuration)})
        return
    say(f"{settings.home} is as of {done.content.made_at:%Y-%m-%d %H:%M} UTC: {done.content.rows} rows.")
    if done.aside is not None:
        say(f"The earlier home is in {done.aside}.")
    say(f"Compare {done.configuration} with {settings.centre_file} before `make up`.")
