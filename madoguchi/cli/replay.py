"""``replay``: a day's real calls, played again through the model with another centre.toml."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.showing import AsJson, say, show_json, show_table

REPLAY_S = 150.0
_COLUMNS = ("at", "caller", "keys", "before", "after", "id")


def replay(
    *,
    config: Annotated[Path, typer.Option(help="The centre.toml to try.", metavar="FILE")],
    on: Annotated[
        str | None, typer.Option("--for", help="The day; yesterday if left out.", metavar="DATE")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which of a day's calls would have gone elsewhere with another centre.toml."""
    try:
        text = config.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise CommandError(f"{config} cannot be read: {error}.") from error
    wish = {"centre": text} | ({} if on is None else {"on": _day(on)})
    found = running.write("POST", "/api/config/replay", wish, REPLAY_S)
    if as_json:
        show_json(found)
        return
    elsewhere = found["elsewhere"]
    say(f"{found['on']}: {found['calls']} calls: {len(elsewhere)} would have gone elsewhere.")
    if elsewhere:
        show_table([each | {"keys": "".join(each["keys"])} for each in elsewhere], _COLUMNS, "")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongUsage(f"--for {text!r} is not a date, for example 2027-01-04.") from None
