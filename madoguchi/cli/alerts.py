"""``alerts``, ``alert``: what somebody must look at, and taking it on."""

from typing import Annotated

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_json, show_table

_OPEN = ("opened_at", "severity", "key", "runbook", "acknowledged_by", "text")
_CLOSED = ("opened_at", "closed_at", "severity", "key", "acknowledged_by", "text")


def alerts(
    *,
    closed: Annotated[bool, typer.Option("--closed", help="Those that closed lately.")] = False,
    as_json: AsJson = False,
) -> None:
    """What is wrong now; `runbook` names the section of docs/runbook.md."""
    found = running.get("/api/alerts")
    if as_json:
        show_json(found)
        return
    if closed:
        show_table(found["closed"], _CLOSED, "No alert has closed lately.")
    else:
        show_table(found["alerts"], _OPEN, "No alert is open.")
    for name, way in found["told"].items():
        if way["trouble"] is not None:
            say(f"By {name} {way['waiting']} wait: {way['trouble']}")


def alert(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As `alerts` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say that you look after an alert; it closes by itself when it is over."""
    taken = running.write("POST", running.at("api", "alerts", key, "acknowledgement"))
    if as_json:
        show_json(taken)
    else:
        say(f"{key} is looked after by {taken['acknowledged_by']}.")
