"""``quality``: hear a recording, remark on a moment, score a call, and see how calls were scored."""

from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.floor import Since, Until
from madoguchi.cli.showing import AsJson, given, say, show_json, show_table

quality = typer.Typer(help="How good calls were: recordings, remarks, scorecards.")

Call = Annotated[str, typer.Argument(metavar="CALL")]
_NOT_ASKED = "-"
"""Points of a criterion that did not come up."""


@quality.command()
def recording(
    call: Call,
    *,
    reason: Annotated[str, typer.Option(help="Why you listen; it stands in the audit trail.")],
    out: Annotated[Path, typer.Option(help="The sound file to write.", metavar="FILE")],
) -> None:
    """Fetch the recording of a call."""
    sound = running.download(running.at("api", "calls", call, "recording"), {"reason": reason})
    try:
        out.touch(mode=0o600)
        out.write_bytes(sound)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{out}: {len(sound)} bytes.")


@quality.command()
def show(call: Call, *, as_json: AsJson = False) -> None:
    """The form, and the marks and scorecards of a call."""
    found = running.get(running.at("api", "calls", call, "quality"))
    if as_json:
        show_json(found)
        return
    show_table(found["form"], ("name", "title", "most", "hint"), "No criteria are set ([quality]).")
    show_table(found["marks"], ("at_s", "text", "by", "id"), "No remarks.")
    _show_cards(found["scorecards"])


@quality.command()
def mark(
    call: Call,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    *,
    at: Annotated[float, typer.Option(help="Seconds from the beginning of the recording.", min=0)],
) -> None:
    """Remark on a moment of the recording."""
    made = running.write("POST", running.at("api", "calls", call, "marks"), {"at_s": at, "text": text})
    say(f"Remark {made['id']} at {made['at_s']:.1f} s.")


@quality.command()
def unmark(call: Call, mark_id: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Take a remark away."""
    running.write("DELETE", running.at("api", "calls", call, "marks", str(mark_id)))
    say(f"Remark {mark_id} is gone.")


@quality.command()
def score(
    call: Call,
    points: Annotated[list[str], typer.Argument(metavar="CRITERION=POINTS…", help="- : did not come up.")],
    *,
    comment: Annotated[str | None, typer.Option(help="For the operator.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score a call by the form; a later card of yours replaces it."""
    wish = given(points=dict(_scored(each) for each in points), comment=comment)
    card = running.write("PUT", running.at("api", "calls", call, "scorecard"), wish)
    if as_json:
        show_json(card)
    else:
        say(f"{card['reached']} of {card['most']} points ({card['percent']} %).")


@quality.command(name="list")
def list_(
    *,
    agent: Annotated[str | None, typer.Option(help="Only calls of this operator.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Scorecards, the latest first, and averages."""
    found = running.get("/api/quality", {"agent": agent, "since": since, "until": until})
    if as_json:
        show_json(found)
        return
    _show_cards(found["scorecards"])
    show_table(found["averages"], ("agent", "scorecards", "percent"), "No averages.")


def _scored(text: str) -> tuple[str, int | None]:
    name, sign, points = text.partition("=")
    if not sign or not (points == _NOT_ASKED or (points.isascii() and points.isdigit())):
        raise WrongUsage(f"Write {text} as CRITERION=POINTS, for example manner=4 or manner=-.")
    return name, None if points == _NOT_ASKED else int(points)


def _show_cards(cards: list[dict[str, Any]]) -> None:
    columns = ("scored_at", "call", "agent", "by", "reached", "most", "percent", "comment")
    show_table(cards, columns, "No scorecards.")
