"""``explain``: what would happen to a call, without a call and without a running centre."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from config.schema import Agent, Centre
from madoguchi.cli import local, running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.showing import AsJson, show_json
from telephony.model.ids import Instant

_KEYS = frozenset("0123456789*#")


def explain(  # noqa: PLR0913 - one option for each thing that a call depends on
    *,
    caller: Annotated[
        str, typer.Option("--from", help="Who calls; `anonymous` for a withheld number.", metavar="NUMBER")
    ],
    at: Annotated[str | None, typer.Option(help="When, ISO 8601; now if left out.", metavar="TIME")] = None,
    to: Annotated[
        str | None, typer.Option(help="The number dialled; the centre's first one.", metavar="NUMBER")
    ] = None,
    keys: Annotated[str | None, typer.Option(help="Keys that are pressed, for example 1,2.")] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="A centre.toml to try; says also what it would change.", metavar="FILE"),
    ] = None,
    ready: Annotated[
        str | None,
        typer.Option(help="Who is ready, separated by commas; everybody if left out.", metavar="NAMES"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What would happen to a call, step by step, without a call."""
    from madoguchi.explaining import Asked  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.explaining.explanation import difference  # noqa: PLC0415
    from madoguchi.hours.emergency import message_in_force  # noqa: PLC0415
    from telephony.asterisk import numbers  # noqa: PLC0415

    offline = local.Offline.read()
    published = offline.plan
    plan = published if config is None else local.plan_in(config)
    asked = Asked(
        caller=numbers.caller(caller),
        dialled=numbers.number(to) if to is not None else plan.numbers[0].number,
        at=_instant(at, offline.calendar.zone),
        keys=_keys(keys),
        ready=None if ready is None else tuple(name.strip() for name in ready.split(",") if name.strip()),
        overrides=offline.overrides,
        emergency=message_in_force(running.settings().layout),
    )
    found = _explained(plan, asked)
    changes = None if config is None else difference(_explained(published, asked), found)
    if as_json:
        show_json(found.as_json() | ({} if changes is None else {"difference": changes}))
        return
    typer.echo("\n".join(found.lines()))
    if changes is not None:
        typer.echo("\n".join(["", *changes]) if changes else "\n公開中の設定と変わりません。")


def _explained(plan: Centre, asked: Any) -> Any:
    from madoguchi.explaining import explain as run  # noqa: PLC0415
    from sounds import catalogue  # noqa: PLC0415
    from telephony.model.errors import ModelError  # noqa: PLC0415

    if problems := catalogue.load(plan).problems:
        raise CommandError("\n".join(problems))
    try:
        return run(plan, _roster(plan), asked)
    except ModelError as error:
        raise CommandError(str(error)) from error


def _roster(plan: Centre) -> list[Agent]:
    """Return the living roster's copy on disk; before the first start, the plan's own operators."""
    from agents.ports import Unavailable  # noqa: PLC0415
    from agents.roster_store import RosterFile  # noqa: PLC0415

    file = running.settings().layout.roster_file
    if not file.exists():
        return list(plan.agents)
    try:
        return [person.agent for person in RosterFile(file).read() if person.agent is not None]
    except Unavailable as error:
        raise CommandError(str(error)) from error


def _instant(text: str | None, zone: ZoneInfo) -> Instant:
    at = datetime.now(zone) if text is None else local.moment(text, "--at", zone)
    return Instant(at.timestamp())


def _keys(text: str | None) -> tuple[str, ...]:
    keys = tuple(text.replace(",", "").replace(" ", "")) if text else ()
    if wrong := [key for key in keys if key not in _KEYS]:
        raise WrongUsage(f"--keys {wrong[0]!r} is no key of a telephone; write them like 1,2.")
    return keys
