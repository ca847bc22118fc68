"""``status``, ``queues``, ``calls``, ``call``: what runs and what happened."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import WrongUsage
from madoguchi.cli.showing import AsJson, say, show_fields, show_json, show_table
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


def call(
    call_id: Annotated[str, typer.Argument(metavar="ID")],
    action: Annotated[CallAction | None, typer.Argument(metavar="[hangup|first|move]")] = None,
    queue: Annotated[str | None, typer.Argument(metavar="[QUEUE]")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """One call with its timeline; or end it, or move it while it waits: to the front, or to another QUEUE."""
    if (queue is not None) is not (action is CallAction.MOVE):
        raise WrongUsage("Write it as: call ID move QUEUE, call ID first, or call ID hangup.")
    if action is not None:
        _command(call_id, action, queue)
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


def _command(call_id: str, action: CallAction, queue: str | None) -> None:
    if action is CallAction.HANGUP:
        running.write("POST", running.at("api", "calls", call_id, "hangup"))
        say(f"Call {call_id} is being ended.")
        return
    wish = {"first": True} if queue is None else {"queue": queue}
    moved = running.write("POST", running.at("api", "calls", call_id, "move"), wish)
    if queue is None:
        say(f"Call {call_id} is first in {moved['queue']} now.")
    else:
        say(f"Call {call_id} waits in {queue} now; back with: call {call_id} move {moved['from_queue']}.")


def notice(text: Annotated[str, typer.Argument(metavar="TEXT")]) -> None:
    """Show a notice on every screen that is open."""
    running.write("POST", "/api/notices", {"text": text})
    say("The notice is on every open screen.")
