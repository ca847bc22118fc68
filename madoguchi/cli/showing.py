"""How commands show what they found: a table for people, JSON for programs."""

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_PIPED_WIDTH = 200
"""Columns when nobody looks at a screen, so that nothing is cut for grep."""

_console = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


_MOMENT = re.compile(r"\d{4}-(?P<day>\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)[.\d]*[+-]\d\d:\d\d")
"""A time as the interface writes it; people read month, day and time, programs take --json."""


def given(**fields: Any) -> dict[str, Any]:
    """Return those *fields* that were given a value."""
    return {name: value for name, value in fields.items() if value is not None}


def speaks_japanese() -> bool:
    """Return whether messages are wanted in Japanese: what the locale says of them (POSIX, section 8.2)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((value for value in map(os.environ.get, names) if value), "")
    return wanted.startswith("ja")


def say(sentence: str) -> None:
    """Print one sentence."""
    _console.print(Text(sentence))


def show_done(said: str, answered: Any, token: str | None, *, as_json: bool) -> None:
    """Say what a command did, and for a minute how it is taken back."""
    if as_json:
        show_json({**(answered or {}), "undo": token})
        return
    say(said)
    if token is not None:
        say(f"Take it back within a minute with: madoguchi undo {token}")


def show_json(content: Any) -> None:
    """Print JSON."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def show_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], empty: str) -> None:
    """Print *rows* as a table of *columns*, or the sentence *empty*."""
    found = list(rows)
    if not found:
        say(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.removesuffix("_at").replace("_", " "), no_wrap=True)
    for row in found:
        table.add_row(*(Text(_cell(row.get(column))) for column in columns))
    _console.print(table)


def show_fields(content: Mapping[str, Any]) -> None:
    """Print one thing, a line for each of its fields."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in content.items():
        table.add_row(Text(name, style="bold"), Text(_cell(value)))
    _console.print(table)


def _cell(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{name}={_cell(part)}" for name, part in value.items()) or "–"
        case list():
            return "; ".join(_cell(part) for part in value) or "–"
        case _:
            return f"{value:.1f}" if isinstance(value, float) else _text(str(value))


def _text(text: str) -> str:
    moment = _MOMENT.fullmatch(text)
    if moment is not None:
        return f"{moment['day']} {moment['time']}"
    return "".join(letter if letter.isprintable() else "�" for letter in text)
