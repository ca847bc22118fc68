"""``callbacks`` and ``callback``: who has been promised a call, and taking a promise back."""

from enum import StrEnum
from typing import Annotated

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_json, show_table

_COLUMNS = ("asked_at", "number_written", "state", "queue", "position", "attempts", "rests_until", "id")


def callbacks(*, as_json: AsJson = False) -> None:
    """Every open callback, in the order in which they were asked for."""
    found = running.get("/api/callbacks")
    if as_json:
        show_json(found)
    else:
        show_table(found["callbacks"], _COLUMNS, "No callback is open.")


class CallbackAction(StrEnum):
    """What can be done to an open callback."""

    CANCEL = "cancel"


def callback(
    callback_id: Annotated[str, typer.Argument(metavar="ID")],
    action: Annotated[CallbackAction, typer.Argument(metavar="cancel")],
) -> None:
    """Take an open callback back; nobody is called for it any more."""
    running.write("POST", running.at("api", "callbacks", callback_id, action.value))
    say(f"Callback {callback_id} is cancelled.")
