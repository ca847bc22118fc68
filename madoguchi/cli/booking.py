"""``slots``, ``reserve``, ``reservation …``: booking from the command line."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import uuid4

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import WrongUsage
from madoguchi.cli.floor import Until
from madoguchi.cli.showing import AsJson, given, say, show_fields, show_json, show_table

_SLOT_COLUMNS = ("starts_at", "venue_title", "service_title", "free", "capacity", "held", "id")
_FIELDS = ("number", "state", "written", "venue_title", "service_title", "people", "name", "kana")
_MORE_FIELDS = (
    "phone_written",
    "birth_date",
    "notice_number",
    "notes",
    "email",
    "consent",
    "channel",
    "version",
)

Service = Annotated[str | None, typer.Option(help="A service of centre.toml.")]
Venue = Annotated[str | None, typer.Option(help="A venue of centre.toml; every venue if left out.")]
From = Annotated[str | None, typer.Option("--from", help="From this time or date on.", metavar="TIME")]
People = Annotated[int | None, typer.Option(min=1, help="How many people come.")]
Notes = Annotated[str | None, typer.Option(help="What the counter should know.")]
Call = Annotated[str | None, typer.Option(help="The call in which this is asked for.", metavar="ID")]


class Action(StrEnum):
    """What can be done with a reservation."""

    SHOW = "show"
    MOVE = "move"
    CANCEL = "cancel"
    FIND = "find"


def slots(  # noqa: PLR0913 - one option for each filter
    *,
    venue: Venue = None,
    service: Service = None,
    since: From = None,
    until: Until = None,
    people: People = None,
    limit: Annotated[int, typer.Option(min=1, max=2_000, help="At most so many, the earliest.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Slots that can be booked now; with --people only those with room for so many."""
    wanted = {"venue": venue, "service": service, "from": since, "until": until, "limit": str(limit)}
    found = running.get("/api/slots", wanted | {"people": None if people is None else str(people)})
    if as_json:
        show_json(found)
    else:
        show_table(found["slots"], _SLOT_COLUMNS, "There are no such slots.")


def reserve(  # noqa: PLR0913 - one option for each field
    slot: Annotated[str, typer.Argument(metavar="SLOT", help="The id that `slots` shows.")],
    *,
    name: Annotated[str, typer.Option(help="The citizen's name.")],
    kana: Annotated[str, typer.Option(help="The name in kana.")],
    phone: Annotated[str, typer.Option(help="The citizen's telephone.")],
    people: People = None,
    birth_date: Annotated[str | None, typer.Option(help="Like 1950-04-01.", metavar="DATE")] = None,
    notice_number: Annotated[str | None, typer.Option(help="The number on the city's notice.")] = None,
    notes: Notes = None,
    email: Annotated[str | None, typer.Option(help="The citizen's e-mail address.")] = None,
    consent: Annotated[
        list[str] | None, typer.Option(help="Wants to be told by sms or email; may be given again.")
    ] = None,
    call: Call = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also for somebody who has a reservation already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a reservation."""
    wish = given(
        slot=slot,
        name=name,
        kana=kana,
        phone=phone,
        people=people,
        birth_date=birth_date,
        notice_number=notice_number,
        notes=notes,
        email=email,
        consent=consent or None,
        call=call,
        if_duplicate=None if again else "refuse",
    )
    _show(running.write("POST", "/api/reservations", wish, key=uuid4().hex), as_json=as_json)


def reservation(
    number: Annotated[str, typer.Argument(metavar="ID", help="The number; with find, whatever is known.")],
    action: Annotated[Action, typer.Argument(metavar="[show|move|cancel|find]")] = Action.SHOW,
    *,
    slot: Annotated[str | None, typer.Option("--to", help="The slot to move to.", metavar="SLOT")] = None,
    call: Call = None,
    as_json: AsJson = False,
) -> None:
    """One reservation with its history; move it, cancel it, or find some by any part of what is known."""
    path = running.at("api", "reservations", number)
    if (action is Action.MOVE) != (slot is not None):
        raise WrongUsage("`reservation ID move --to SLOT` moves; --to goes with nothing else.")
    match action:
        case Action.SHOW:
            found = running.get(path)
        case Action.MOVE:
            found = running.write("PATCH", path, given(slot=slot, call=call), key=uuid4().hex)
        case Action.CANCEL:
            found = running.write("DELETE", path, given(call=call), key=uuid4().hex)
        case Action.FIND:
            _show_found(running.get("/api/reservations", {"q": number}), as_json=as_json)
            return
    _show(found, as_json=as_json)


def _show_found(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(found)
    else:
        show_table(found["reservations"], _FIELDS, "There are no such reservations.")


def _show(content: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(content)
        return
    show_fields({name: content[name] for name in (*_FIELDS, *_MORE_FIELDS) if content.get(name) is not None})
    for line in content["read_back"]:
        say(f"  {line}")
    for entry in content.get("history", []):
        say(f"{entry['at']}  {entry['kind']}  {entry['by']}  {entry['changes'] or ''}")
