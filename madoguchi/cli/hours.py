"""``open``, ``close``, ``hours``, ``emergency``: when the centre takes calls."""

import asyncio
import getpass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from madoguchi.cli import local, running
from madoguchi.cli.errors import CentreDown, CommandError, WrongUsage
from madoguchi.cli.showing import AsJson, say, show_fields, show_json

TELL_S = 3.0
"""How long a controller may take to hear of the disaster mode; one that hangs holds nobody up."""

From = Annotated[
    str | None, typer.Option("--from", help="From this time on, ISO 8601; now if left out.", metavar="TIME")
]
Until = Annotated[str, typer.Option("--until", help="Until before this time, ISO 8601.", metavar="TIME")]
Queues = Annotated[list[str] | None, typer.Option("--queue", help="Only this queue; may be given again.")]
Numbers = Annotated[list[str] | None, typer.Option("--number", help="Only calls to this number; again too.")]
Message = Annotated[
    str | None, typer.Option("--message", help="The prompt that callers hear instead.", metavar="ID")
]


def open_(
    *,
    until: Until,
    since: From = None,
    queue: Queues = None,
    number: Numbers = None,
    as_json: AsJson = False,
) -> None:
    """Open ad hoc: at once, or from a time on; it ends by itself."""
    _enter({"opens": True, "since": since, "until": until}, queue, number, as_json=as_json)


def close(  # noqa: PLR0913 - one option for each field
    *,
    until: Until,
    since: From = None,
    message: Message = None,
    queue: Queues = None,
    number: Numbers = None,
    as_json: AsJson = False,
) -> None:
    """Close ad hoc: at once, or from a time on; it ends by itself. Who is in a call already is served."""
    wish = {"opens": False, "since": since, "until": until, "message": message}
    _enter(wish, queue, number, as_json=as_json)


def _enter(
    wish: dict[str, Any], queues: list[str] | None, numbers: list[str] | None, *, as_json: bool
) -> None:
    for name in ("since", "until"):
        if wish[name] is not None:
            wish[name] = local.moment(wish[name], f"--{'from' if name == 'since' else name}").isoformat()
    wish |= {"queues": queues or [], "numbers": numbers or []}
    entered = running.write("POST", "/api/hours/overrides", wish)
    if as_json:
        show_json(entered)
        return
    what = "Open" if entered["opens"] else "Closed"
    say(f"{what} from {entered['since']} until {entered['until']}.")
    say(f"Take it back with: madoguchi hours --cancel {entered['id']}")


def hours(
    *,
    on: Annotated[
        str | None, typer.Option("--on", help="The day; today if left out.", metavar="DATE")
    ] = None,
    cancel: Annotated[
        str | None, typer.Option("--cancel", help="Take back what was opened or closed ad hoc.", metavar="ID")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A day of the calendar: its hours and the reason. Needs no running centre."""
    if cancel is not None:
        running.write("DELETE", running.at("api", "hours", "overrides", cancel))
        show_json({"cancelled": cancel}) if as_json else say(f"{cancel} is taken back.")
        return
    from madoguchi.hours.showing import day_content  # noqa: PLC0415 - a command loads what it needs

    offline = local.Offline.read()
    now = offline.now()
    day = offline.calendar.local(now).date() if on is None else _day(on)
    content = dict(day_content(offline.calendar, offline.plan, offline.entries, day, now))
    if as_json:
        show_json(content)
        return
    spans = "、".join(f"{span['opens'][11:16]}–{_closes(span, day)}" for span in content.pop("hours"))
    content |= {"open": spans or "休み"}
    show_fields(content)


def _closes(span: dict[str, str], day: date) -> str:
    return "24:00" if span["closes"][:10] > day.isoformat() else span["closes"][11:16]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"--on {text!r} is not a date, for example 2027-01-04.") from None


class Switch(StrEnum):
    """The disaster mode."""

    ON = "on"
    OFF = "off"


def emergency(
    switch: Annotated[Switch, typer.Argument(metavar="on|off")],
    *,
    message: Message = None,
    by: Annotated[
        str | None, typer.Option(help="Who you are, where two persons must switch it.", metavar="NAME")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The disaster mode: every call hears its announcement. Works with everything but Asterisk dead."""
    from madoguchi.hours import emergency as mode  # noqa: PLC0415 - a command loads what it needs

    settings = running.settings()
    if refusal := settings.refusal("Switch the disaster mode"):
        raise CommandError(refusal)
    plan = local.published_plan()
    who = _identified(by) if plan.emergency.two_persons else by or getpass.getuser()
    wanted = mode.Wish((message or plan.emergency.message) if switch is Switch.ON else None, who)
    try:
        done = mode.switch(settings.layout, plan, wanted)
    except mode.EmergencyRefused as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
    told = done and _tell_controller()
    if as_json:
        content = {"on": mode.message_in_force(settings.layout) is not None, "message": wanted.message}
        show_json(content | {"waits_for_second_person": not done, "controller_told": told})
        return
    _say_what_was_done(switch, done=done, told=told)


def _say_what_was_done(switch: Switch, *, done: bool, told: bool) -> None:
    if not done:
        say(
            "Noted. Within 10 minutes a second person must give the same command, with --by and another name."
        )
        return
    say("Every call hears the disaster announcement now." if switch is Switch.ON else "Calls come in again.")
    if not told:
        say("The controller does not answer; callers in line will hear of it when it does.")


def _tell_controller() -> bool:
    try:
        running.write("POST", "/api/emergency/refresh", patience_s=TELL_S)
    except (CentreDown, CommandError):
        return False
    return True


def _identified(by: str | None) -> str:
    """Return who is at the keyboard, by name and password: the roster's copy on disk is enough."""
    from agents.passwords import matches  # noqa: PLC0415
    from agents.ports import Unavailable  # noqa: PLC0415
    from agents.roster_store import RosterFile  # noqa: PLC0415

    if by is None:
        raise WrongUsage("Two persons must switch it; say who you are with --by NAME.")
    try:
        people = {person.name: person for person in RosterFile(running.settings().layout.roster_file).read()}
    except Unavailable as error:
        raise CommandError(str(error)) from error
    person = next((person for name, person in people.items() if name == by), None)
    password = getpass.getpass(f"Password of {by}: ")
    if not asyncio.run(
        matches(
            None if person is None or person.credentials.disabled else person.credentials.password_hash,
            password,
        )
    ):
        raise CommandError(f"This is not the password of {by}.")
    return by
