"""``config``, ``asterisk``, ``export``: what ops needs beside publishing (``madoguchi.cli.publishing``)."""

import subprocess
from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.audit import note
from madoguchi.cli.errors import CommandError
from madoguchi.cli.floor import Since, Until
from madoguchi.cli.publishing import publish_edited
from madoguchi.cli.showing import AsJson, say, show_json, speaks_japanese

config = typer.Typer(help="The centre's configuration.")
export = typer.Typer(help="Take data out in formats that others read.")


@config.command(name="check")
def check_config(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="centre.toml of this copy if left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a centre.toml."""
    from config.loading import ConfigError, load_centre  # noqa: PLC0415 - a command loads what it needs

    path = running.settings().centre_file if file is None else file
    try:
        load_centre(path)
    except ConfigError as error:
        problems = [
            {"path": problem.path, "problem": str(problem), "japanese": problem.japanese}
            for problem in error.problems
        ]
        if as_json:
            show_json({"file": str(path), "problems": problems})
        raise CommandError(error.japanese if speaks_japanese() else str(error)) from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    if as_json:
        show_json({"file": str(path), "problems": []})
    else:
        say(f"{path} に誤りはありません。" if speaks_japanese() else f"{path} is in order.")


@config.command()
def apply(
    *, why: Annotated[str, typer.Option(help="Why, for the history.", metavar="TEXT")] = "config apply"
) -> None:
    """Put centre.toml in force while calls go on; the same as `dialplan apply`."""
    publish_edited(why, trial=True, restart=False)


def asterisk(
    command: Annotated[str, typer.Argument(metavar='"COMMAND"', help='For example "core show channels".')],
) -> None:
    """Give Asterisk's own command line one command."""
    argv = running.asterisk_cli()
    note("cli.asterisk", "asterisk", command=command)
    done = subprocess.run([*argv, command], check=False)  # noqa: S603 - run.json is ours, 0600
    if done.returncode != 0:
        raise CommandError(f"Asterisk's command line ended with status {done.returncode}.")


@export.command(name="queue-log")
def queue_log(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    since: Since = None,
    until: Until = None,
) -> None:
    """Write the history as Asterisk's queue_log, for tools made for app_queue; the last day if left out."""
    text: Any = running.get("/api/export/queue-log", {"since": since, "until": until})
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{out}: {text.count(chr(10))} lines.")
