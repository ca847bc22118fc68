"""``queue``: what is changed about a queue for a while."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.showing import AsJson, show_done, show_fields, show_json

_NONE = "none"
_USAGE = "Write it as: queue NAME pause, resume, limit COUNT, or tiers SECONDS:WEIGHT … (or none)."


class QueueAction(StrEnum):
    """What can be changed."""

    PAUSE = "pause"
    RESUME = "resume"
    LIMIT = "limit"
    TIERS = "tiers"


def queue(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    action: Annotated[QueueAction | None, typer.Argument(metavar="[pause|resume|limit|tiers]")] = None,
    values: Annotated[list[str] | None, typer.Argument(metavar="[VALUE]…")] = None,
    *,
    until: Annotated[
        str | None,
        typer.Option(help="Until this time, ISO 8601; an hour if left out, a day at most.", metavar="TIME"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A queue; or change something about it for a while: it ends by itself.

    pause: nobody is offered its calls. limit COUNT: whoever finds so many waiting is offered the last step's
    choices at once. tiers 0:5 30:1: operators answer from weight 5 on, after 30 seconds from weight 1 on.
    """
    if action is None:
        _show(name, as_json=as_json)
        return
    wish = _wish(action, values or [])
    if until is not None:
        if action is QueueAction.RESUME:
            raise WrongUsage("A resumed queue needs no --until.")
        wish = {**wish, "until": until}
    changed, token = running.command("POST", running.at("api", "queues", name, action.value), wish)
    show_done(_said(name, changed), changed, token, as_json=as_json)


def _show(name: str, *, as_json: bool) -> None:
    found = next((each for each in running.get("/api/queues")["queues"] if each["name"] == name), None)
    if found is None:
        raise CommandError(f"There is no queue named {name}; `madoguchi queues` lists them.")
    show_json(found) if as_json else show_fields(found)


def _wish(action: QueueAction, values: list[str]) -> Mapping[str, Any]:
    match action, values:
        case ((QueueAction.PAUSE | QueueAction.RESUME), []):
            return {}
        case QueueAction.LIMIT, [count]:
            return {"waiting": None if count == _NONE else _number(count)}
        case QueueAction.TIERS, ["none"]:
            return {"tiers": None}
        case QueueAction.TIERS, [_, *_]:
            return {"tiers": [_tier(value) for value in values]}
        case _:
            raise WrongUsage(_USAGE)


def _tier(value: str) -> Mapping[str, int]:
    seconds, colon, weight = value.partition(":")
    if not colon:
        raise WrongUsage(f"{value!r} is not SECONDS:WEIGHT, for example 30:1.")
    return {"after_s": _number(seconds), "min_weight": _number(weight)}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise WrongUsage(f"{text!r} is not a number; {_USAGE[0].lower()}{_USAGE[1:]}")
    return int(text)


def _said(name: str, changed: Mapping[str, Any]) -> str:
    standing = [f"{each['kind']} until {each['until']}" for each in changed["measures"]]
    return f"Queue {name}: {', '.join(standing)}." if standing else f"Queue {name} is as centre.toml has it."
