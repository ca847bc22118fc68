"""``status``, ``queues``, ``calls``, ``call``, ``undo``, ``notice``: what runs, and what is done about it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import WrongUsage
from madoguchi.cli.showing import AsJson, say, show_done, show_fields, show_json, show_table
from telephony.model.facts import Outcome

_CALL_COLUMNS = ("started_at", "caller", "outcome", "queue", "agent", "waited_s", "talked_s", "id")
_LIVE_COLUMNS = ("arrived_at", "caller_written", "state", "queue", "agent", "waiting_since", "id")
_QUEUE_COLUMNS = ("name", "title", "waiting", "longest_wait_since", "ready", "talking", "paused")


Since = Annotated[str | None, typer.Option(help="From this time on, ISO 8601.", metavar="TIME")]
Until = Annotated[str | None, typer.Option(help="Before this time, ISO 8601.", metavar="TIME")]


def status(*, as_json: AsJson = False) -> None:
    """What runs, since when, versions, depth of the spool, leader or standby."""
    report = running.get("/api/status")
    if as_json:
        show_json(report)
    else:
        show_fields(report)


def queues(*, as_json: AsJson = False) -> None:
    """Every queue with its line."""
    found = running.get("/api/queues")
    if as_json:
        show_json(found)
    else:
        show_table(found["queues"], _QUEUE_COLUMNS, "There are no queues.")


def calls(  # noqa: PLR0913 - one option for each filter
    *,
    since: Since = None,
    until: Until = None,
    agent: Annotated[str | None, typer.Option(help="Only calls that this operator answered.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Only calls that ended so.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, the newest.")] = 1_000,
    live: Annotated[bool, typer.Option("--live", help="The calls that are up now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Records of calls that ended, newest first; or the calls that are up now."""
    wanted = {"since": since, "until": until, "agent": agent, "outcome": outcome}
    if live and any(wanted.values()):
        raise WrongUsage("--live shows every call that is up now; leave the other filters out.")
    path = "/api/calls/live" if live else "/api/calls"
    found = running.get(path, None if live else wanted | {"limit": str(limit)})
    if as_json:
        show_json(found)
    else:
        columns = _LIVE_COLUMNS if live else _CALL_COLUMNS
        show_table(found["calls"], columns, "There are no such calls.")


class CallAction(StrEnum):
    """What can be done to a live call."""

    HANGUP = "hangup"
    FIRST = "first"
    MOVE = "move"
    GIVE = "give"
    REMOVE = "remove"


_NAMES_SOMETHING = {CallAction.MOVE, CallAction.GIVE}
_USAGE = "Write it as: call ID move QUEUE, give NAME, first, remove, or hangup."


def call(  # noqa: PLR0913 - one option for each thing that an action may need
    call_id: Annotated[str, typer.Argument(metavar="ID")],
    action: Annotated[CallAction | None, typer.Argument(metavar="[hangup|first|move|give|remove]")] = None,
    target: Annotated[str | None, typer.Argument(metavar="[QUEUE|NAME]")] = None,
    *,
    even_away: Annotated[
        bool, typer.Option("--even-away", help="give: also to somebody on a break or signed out.")
    ] = False,
    message: Annotated[
        str | None, typer.Option(help="remove: the prompt that the caller hears.", metavar="ID")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """One call with its timeline; or end it. While it waits: move it, give it to somebody, let it go."""
    if (target is not None) is not (action in _NAMES_SOMETHING):
        raise WrongUsage(_USAGE)
    if (even_away and action is not CallAction.GIVE) or (message and action is not CallAction.REMOVE):
        raise WrongUsage("--even-away belongs to give, --message to remove.")
    if action is not None:
        wish = {"to": target, "even_away": even_away, "message": message}
        show_done(*_COMMANDS[action](call_id, wish), as_json=as_json)
        return
    found: dict[str, Any] = running.get(running.at("api", "calls", call_id))
    if as_json:
        show_json(found)
        return
    timeline = found.pop("timeline", [])
    show_fields(found)
    for entry in timeline:
        details = {name: value for name, value in entry.items() if name not in {"at", "kind"}}
        say(f"{entry['at']}  {entry['kind']}  {details or ''}")


Done = tuple[str, Any, str | None]
"""What to say, what the centre answered, and the token that takes it back."""

Wish = Mapping[str, Any]


def _post(call_id: str, what: str, wish: Wish) -> tuple[Any, str | None]:
    return running.command("POST", running.at("api", "calls", call_id, what), wish)


def _hang_up(call_id: str, wish: Wish) -> Done:
    del wish
    return (f"Call {call_id} is being ended.", *_post(call_id, "hangup", {}))


def _first(call_id: str, wish: Wish) -> Done:
    del wish
    moved, token = _post(call_id, "move", {"first": True})
    return f"Call {call_id} is first in {moved['queue']} now.", moved, token


def _move(call_id: str, wish: Wish) -> Done:
    moved, token = _post(call_id, "move", {"queue": wish["to"]})
    return f"Call {call_id} waits in {moved['queue']} now.", moved, token


def _give(call_id: str, wish: Wish) -> Done:
    given, token = _post(call_id, "give", {"to": wish["to"], "even_away": wish["even_away"]})
    return f"Call {call_id} rings at {given['agent']} now.", given, token


def _remove(call_id: str, wish: Wish) -> Done:
    message = {} if wish["message"] is None else {"message": wish["message"]}
    return (f"Call {call_id} hears why, and ends.", *_post(call_id, "remove", message))


_COMMANDS: Mapping[CallAction, Callable[[str, Wish], Done]] = {
    CallAction.HANGUP: _hang_up,
    CallAction.FIRST: _first,
    CallAction.MOVE: _move,
    CallAction.GIVE: _give,
    CallAction.REMOVE: _remove,
}


def undo(
    token: Annotated[str | None, typer.Argument(metavar="[TOKEN]")] = None, *, as_json: AsJson = False
) -> None:
    """Take a command back, within a minute: the one of TOKEN, or the last one given here."""
    undone = running.write("POST", "/api/undo", {"token": token})
    show_json(undone) if as_json else say(f"Taken back: {undone['undone']}.")


def notice(text: Annotated[str, typer.Argument(metavar="TEXT")]) -> None:
    """Show a notice on every screen that is open."""
    running.write("POST", "/api/notices", {"text": text})
    say("The notice is on every open screen.")
