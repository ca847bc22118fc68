"""``transfer`` and ``consult``: a call that is talked on goes to somebody else, or somebody joins it."""

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import say

Call = Annotated[str, typer.Argument(metavar="CALL")]
Whom = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="An operator's or supervisor's name, queue:NAME, or referral:NAME of the list."
    ),
]
KINDS = ("operator", "queue", "referral")


def transfer(call: Call, target: Whom) -> None:
    """Send a call to another operator, a queue, or a place of the referral list."""
    kind, _, name = target.rpartition(":")
    wish = {kind: name} if kind in KINDS else {"operator": target}
    running.write("POST", running.at("api", "calls", call, "transfer"), wish)
    say(f"Call {call} goes to {target}.")


class Joins(StrEnum):
    """What somebody joins a call for."""

    CONSULT = "consult"
    ADVISE = "advise"
    CONFERENCE = "conference"
    COMPLETE = "complete"
    END = "end"


def consult(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    mode: Annotated[Joins, typer.Option(help="What for; changes in place.")] = Joins.CONSULT,
) -> None:
    """Have somebody join a call: be consulted while the caller waits, advise, confer, take over, or leave."""
    path = running.at("api", "calls", call, "consultation")
    if mode is Joins.END:
        running.write("DELETE", f"{path}?{urlencode({'operator': name})}")
        say(f"{name} leaves call {call}.")
    else:
        running.write("POST", path, {"operator": name, "mode": mode.value})
        say(f"{name} is asked to pick up, or changes to {mode.value} in place, on call {call}.")
