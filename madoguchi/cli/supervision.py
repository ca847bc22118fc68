"""``listen``, ``whisper``, ``barge``, ``takeover``, ``leave``: a supervisor on an operator's call."""

from typing import Annotated
from urllib.parse import urlencode

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import say

Call = Annotated[str, typer.Argument(metavar="CALL")]
As = Annotated[str, typer.Option("--as", help="The supervisor whose phone rings.", metavar="NAME")]


def listen(call: Call, *, as_: As) -> None:
    """Hear operator and caller; nobody hears the supervisor."""
    _be_on(call, as_, "listen")


def whisper(call: Call, *, as_: As) -> None:
    """Hear both; the operator alone hears the supervisor."""
    _be_on(call, as_, "whisper")


def barge(call: Call, *, as_: As) -> None:
    """All three hear each other."""
    _be_on(call, as_, "barge")


def takeover(call: Call, *, as_: As) -> None:
    """Talk with the caller in the operator's place, who goes to after-call work."""
    _be_on(call, as_, "takeover")


def leave(call: Call, *, as_: As) -> None:
    """Leave a call that is heard; it goes on."""
    path = running.at("api", "calls", call, "supervision")
    running.write("DELETE", f"{path}?{urlencode({'supervisor': as_})}")
    say(f"{as_} leaves call {call}.")


def _be_on(call: str, supervisor: str, mode: str) -> None:
    running.write(
        "POST", running.at("api", "calls", call, "supervision"), {"mode": mode, "supervisor": supervisor}
    )
    say(f"{supervisor} is asked to pick up, or changes to {mode} in place, on call {call}.")
