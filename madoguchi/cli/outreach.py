"""``outreach``: the city's list, today's gate, and what came of the calls."""

from typing import Annotated, Any
from uuid import uuid4

import typer

from madoguchi.cli import running
from madoguchi.cli.knowledge import Check, SheetFile, take_in
from madoguchi.cli.showing import AsJson, given, say, show_fields, show_json, show_table

_COLUMNS = ("id", "list", "name", "phone_written", "kind_title", "state", "attempts", "outcome", "locked_by")
_CALL_COLUMNS = ("at", "name", "phone_written", "by", "outcome", "note")
_GATE = ("day", "allowed", "calls", "open_days_gone", "open_days", "forecast", "half", "made", "cap", "left")
_TARGET = ("id", "name", "phone_written", "kind_title", "address", "contact", "notes", "attempts")

outreach = typer.Typer(help="Calls that urge businesses and care homes to apply.")

Target = Annotated[int, typer.Argument(metavar="ID", help="The target's number, as `outreach list` shows.")]


@outreach.command()
def gate(*, as_json: AsJson = False) -> None:
    """Whether calls may be placed today, and the figures that decide it."""
    found = running.get("/api/outreach/gate")
    if as_json:
        show_json(found)
        return
    show_fields({name: found[name] for name in _GATE})
    say(found["why_not"] or "いま発信できます。")


@outreach.command(name="import")
def import_(
    file: SheetFile,
    *,
    name: Annotated[str, typer.Option("--list", help="What the list is called.")],
    check: Check = False,
    as_json: AsJson = False,
) -> None:
    """Take in the city's list; every mistake is named with its line, and then nothing is taken."""
    done = take_in("/api/outreach/import", file, {"list": name, "check": check})
    if as_json:
        show_json(done)
    else:
        said = "in order" if check else f"{done['added']} of them new"
        say(f"{done['rows']} rows, {said}.")


@outreach.command(name="list")
def list_(
    *,
    state: Annotated[str | None, typer.Option(help="waiting or done.")] = None,
    name: Annotated[str | None, typer.Option("--list", help="Only of this list.")] = None,
    calls: Annotated[bool, typer.Option("--calls", help="Today's calls instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Whom the city wants to be called; with --calls what came of today's calls."""
    path = "/api/outreach/calls" if calls else "/api/outreach"
    found = running.get(path, None if calls else {"state": state, "list": name})
    if as_json:
        show_json(found)
    elif calls:
        show_table(found["calls"], _CALL_COLUMNS, "No outreach call was placed today.")
    else:
        show_table(found["targets"], _COLUMNS, "The list has nobody like that.")


@outreach.command(name="next")
def next_(*, as_json: AsJson = False) -> None:
    """The target in hand, or the next that nobody has."""
    found = running.write("POST", "/api/outreach/next")
    if as_json:
        show_json(found)
    else:
        show_fields({name: found[name] for name in _TARGET})


@outreach.command()
def dial(
    target: Target,
    *,
    agent: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Ring this operator's phone, then the target.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count a call to the target in hand and place it; without --as only count it, and show what to dial."""
    path = running.at("api", "outreach", str(target), "dial")
    wish = {"phone": "other"} if agent is None else {"agent": agent}
    found = running.write("POST", path, wish, key=uuid4().hex)
    if as_json:
        show_json(found)
        return
    rings = "" if agent is None else f"; the phone of {agent} rings"
    say(f"{found['number_written']} (call {found['call']}; {found['left']} left today{rings})")


@outreach.command()
def result(
    target: Target,
    outcome: Annotated[
        str,
        typer.Argument(
            metavar="OUTCOME",
            help="requested, interested, declined, no-answer, busy, call-later, wrong-number, do-not-call.",
        ),
    ],
    *,
    note: Annotated[str | None, typer.Option(help="What was said.")] = None,
    retry_at: Annotated[
        str | None, typer.Option(help="When to call again, ISO 8601 with offset.", metavar="TIME")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What came of the call."""
    path = running.at("api", "outreach", str(target), "result")
    found: dict[str, Any] = running.write("POST", path, given(outcome=outcome, note=note, retry_at=retry_at))
    if as_json:
        show_json(found)
    else:
        again = "" if found["not_before"] is None else f", again from {found['not_before']}"
        say(f"{found['name']}: {found['outcome']}, {found['state']}{again}.")
