"""``sounds build|read|say``: what callers hear."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError
from madoguchi.cli.showing import AsJson, say, show_json

sounds = typer.Typer(help="What callers hear.")


@sounds.command()
def build() -> None:
    """Render every announcement that is not rendered yet."""
    from config.loading import ConfigError, load_centre  # noqa: PLC0415 - a command loads what it needs
    from sounds import build as build_all  # noqa: PLC0415
    from sounds.errors import SoundsError  # noqa: PLC0415

    settings = running.settings()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        centre = load_centre(settings.centre_file)
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("sounds", total=None)
            result = build_all(
                centre,
                settings.layout.sounds,
                lambda done, total, what: bar.update(task, completed=done, total=total, description=what),
            )
    except (ConfigError, SoundsError) as error:
        raise CommandError(str(error)) from error
    if result.problems:
        raise CommandError("\n".join(result.problems))
    say(f"{result.sounds} sounds are ready, {result.rendered} of them rendered now ({result.seconds:.1f} s).")


@sounds.command()
def read(text: Annotated[str, typer.Argument(metavar="TEXT")], *, as_json: AsJson = False) -> None:
    """Print a text in kana, as callers would hear it."""
    from sounds import read as read_text  # noqa: PLC0415 - loads the speech engine
    from sounds.errors import SoundsError  # noqa: PLC0415

    try:
        reading = read_text(text)
    except SoundsError as error:
        raise CommandError(str(error)) from error
    if as_json:
        show_json({"text": text, "reading": reading})
    else:
        typer.echo(reading)


@sounds.command(name="say")
def say_text(
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write: .wav or .sln16.")],
) -> None:
    """Write a text as speech."""
    from sounds import say as write_speech  # noqa: PLC0415 - loads the speech engine
    from sounds.errors import SoundsError  # noqa: PLC0415

    try:
        write_speech(text, out)
    except SoundsError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{out} is written.")
