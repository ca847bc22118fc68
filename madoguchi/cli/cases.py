"""``cases``: what is left to do for citizens, and working on it."""

from typing import Annotated, Any
from uuid import uuid4

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, given, say, show_fields, show_json, show_table

_COLUMNS = ("number", "opened_at", "due_at", "kind", "state", "waits_for", "caller", "summary", "call")
_FIELDS = ("number", "kind_title", "state_title", "waits_for", "opened_at", "opened_by", "due_at", "overdue")
_MORE_FIELDS = ("caller_written", "call", "summary", "details", "escalated", "version")

cases = typer.Typer(invoke_without_command=True, help="What is left to do for citizens.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Like C1001.")]
Note = Annotated[str | None, typer.Option(help="What was done, for the history.")]


@cases.callback()
def listed(  # noqa: PLR0913 - one option for each filter
    context: typer.Context,
    *,
    kind: Annotated[
        str | None, typer.Option(help="city_callback, complaint, message, callback_failed, delivery_failed.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="open, seen, done or unfinished.")] = None,
    due: Annotated[str | None, typer.Option(help="overdue or today.")] = None,
    view: Annotated[str | None, typer.Option(help="city: what the city has to do with.")] = None,
    as_json: AsJson = False,
) -> None:
    """List cases, newest first."""
    if context.invoked_subcommand is not None:
        return
    found = running.get("/api/cases", {"kind": kind, "state": state, "due": due, "view": view})
    if as_json:
        show_json(found)
    else:
        show_table(found["cases"], _COLUMNS, "There are no such cases.")


@cases.command(name="show")
def show(number: Number, *, as_json: AsJson = False) -> None:
    """One case with its history and its e-mails."""
    _show(running.get(running.at("api", "cases", number)), as_json=as_json)


@cases.command(name="open")
def open_(  # noqa: PLR0913 - one option for each field
    kind: Annotated[str, typer.Argument(metavar="KIND", help="city_callback or complaint.")],
    *,
    content: Annotated[str, typer.Option(help="What it is about.")],
    name: Annotated[str | None, typer.Option(help="The citizen's name.")] = None,
    caller: Annotated[str | None, typer.Option(help="The citizen's telephone.")] = None,
    call: Annotated[str | None, typer.Option(help="The call in which it came up.", metavar="ID")] = None,
    due: Annotated[str | None, typer.Option(help="By when, ISO 8601 with offset.", metavar="TIME")] = None,
    as_json: AsJson = False,
) -> None:
    """Open a case."""
    wish = given(kind=kind, content=content, name=name, caller=caller, call=call, due_at=due)
    _show(running.write("POST", "/api/cases", wish, key=uuid4().hex), as_json=as_json)


@cases.command(name="set")
def set_(  # noqa: PLR0913 - one option for each field
    number: Number,
    *,
    state: Annotated[str | None, typer.Option(help="open, seen or done.")] = None,
    note: Note = None,
    report: Annotated[str | None, typer.Option(help="Of a complaint: the report to the city.")] = None,
    due: Annotated[str | None, typer.Option(help="Another deadline.", metavar="TIME")] = None,
    version: Annotated[
        int | None, typer.Option(help="Only if it is still this one; the newest if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Work on a case: another state, a note, a complaint's report, another deadline."""
    path = running.at("api", "cases", number)
    if version is None:
        version = int(running.get(path)["version"])
    wish = given(version=version, state=state, note=note, report=report, due_at=due)
    _show(running.write("PATCH", path, wish, key=uuid4().hex), as_json=as_json)


def _show(content: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(content)
        return
    show_fields({name: content[name] for name in (*_FIELDS, *_MORE_FIELDS)})
    for entry in content.get("history", []):
        said = " ".join(str(entry[name]) for name in ("state", "note") if entry[name])
        say(f"{entry['at']}  {entry['by']}  {said}  {entry['changes'] or ''}")
    for mail in content.get("mails", []):
        say(f"{mail['created_at']}  mail {mail['reason']}: {mail['state']}  {mail['problem'] or ''}")
