"""``report``: figures of a day or a month, to look at or into a file; every single call of a time."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.floor import Since, Until
from madoguchi.cli.showing import AsJson, given, say, show_fields, show_json, show_table

report = typer.Typer(help="Reports for the city.")


class Format(StrEnum):
    """What a report is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    JSON = "json"


_PATHS = {Format.CSV: ("csv",), Format.XLSX: ("xlsx",), Format.HTML: ("page",), Format.JSON: ()}

For = Annotated[
    str | None,
    typer.Option("--for", help="A day (2026-12-28) or month (2026-12); else today.", metavar="DATE"),
]
Out = Annotated[Path | None, typer.Option(help="The file to write.", metavar="FILE")]
As = Annotated[Format | None, typer.Option("--format", help="csv, xlsx, html (to read and print), json.")]


@report.command()
def daily(*, day: For = None, as_format: As = None, out: Out = None, as_json: AsJson = False) -> None:
    """The report of a day."""
    _report("daily", day, as_format, out, as_json=as_json)


@report.command()
def monthly(*, day: For = None, as_format: As = None, out: Out = None, as_json: AsJson = False) -> None:
    """The report of a month."""
    _report("monthly", day, as_format, out, as_json=as_json)


@report.command()
def calls(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.", metavar="FILE")],
    since: Since = None,
    until: Until = None,
) -> None:
    """Every single call of a time as CSV, the oldest first; the last day if left out."""
    _write(out, running.download("/api/export/calls", given(since=since, until=until)))


def _report(kind: str, day: str | None, as_format: Format | None, out: Path | None, *, as_json: bool) -> None:
    if (as_format is None) is not (out is None):
        raise WrongUsage("Write it as: report daily --for DATE --format csv --out FILE.")
    path, query = ("api", "reports", kind), {"for": day}
    if as_format is None or out is None:
        found = running.get(running.at(*path), query)
        show_json(found) if as_json else _show(found)
        return
    _write(out, running.download(running.at(*path, *_PATHS[as_format]), given(**query)))


def _show(found: Any) -> None:
    say(f"{found['centre']}  {found['title']}{'' if found['complete'] else '（途中経過）'}")
    show_fields({each["title"]: each["value"] for each in found["figures"]})
    for table in found["tables"]:
        if table["rows"]:
            say(f"\n{table['title']}")
            titles = [column["title"] for column in table["columns"]]
            show_table([dict(zip(titles, row, strict=True)) for row in table["rows"]], titles, "")


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{out}: {len(content)} bytes.")
