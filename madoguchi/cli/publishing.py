"""``dialplan``: compare, check, publish, take back what centre.toml and one's own dialplan tell Asterisk.

Comparing, checking and the history need no running centre.
"""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError
from madoguchi.cli.showing import AsJson, say, show_json, show_table, speaks_japanese

dialplan = typer.Typer(help="What Asterisk is told: compare, check, publish, take back.")

APPLYING_S = 400.0
"""How long publishing may take: new announcements are rendered first."""

_COLUMNS = ("version", "at", "state", "by", "why", "changed", "reason")
_COLOURS = {"+": typer.colors.GREEN, "-": typer.colors.RED, "@": typer.colors.CYAN}

Config = Annotated[
    Path | None, typer.Option("--config", help="Another centre.toml than this copy's.", metavar="FILE")
]
SkipTrial = Annotated[
    bool, typer.Option("--skip-trial", help="Without a throw-away Asterisk, where none can be started.")
]
Why = Annotated[str, typer.Option(help="Why, for the history.", metavar="TEXT")]


@dialplan.command()
def diff(*, config: Config = None, as_json: AsJson = False) -> None:
    """Show how what Asterisk reads now differs from what would be published. Passwords are hidden."""
    from dialplan import differences, live_files  # noqa: PLC0415 - a command loads what it needs

    found = _candidate(config)
    etc = running.settings().layout.asterisk_etc
    try:
        files = differences(live_files(etc), found.files)
    except PermissionError:
        raise CommandError(f"{etc} belongs to another user; use that user's account.") from None
    if as_json:
        show_json({"files": files, "sources": _sources(found.source)})
        return
    shown = _sources(found.source) | files
    for text in shown.values():
        _show_diff(text)
    if not shown:
        say("Asterisk reads exactly what would be published, and nothing else has changed.")


@dialplan.command()
def check(*, config: Config = None, skip_trial: SkipTrial = False, as_json: AsJson = False) -> None:
    """Say everything that is wrong; a throw-away Asterisk loads the files, and takes no call."""
    from madoguchi.local.trial import NoTrial, try_out  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.publication.candidate import Mistakes  # noqa: PLC0415

    secrets = _secrets()
    try:
        found = _rendered(config)
        said = [] if skip_trial else asyncio.run(try_out(found, running.settings(), secrets))
    except Mistakes as mistakes:
        said = list(mistakes.findings)
    except NoTrial as error:
        raise CommandError(f"{error} Check the rest with --skip-trial.") from error
    if as_json:
        show_json({"findings": [asdict(finding) for finding in said]})
    if said:
        raise CommandError("\n".join(f.in_japanese() if speaks_japanese() else str(f) for f in said))
    if not as_json:
        say(
            "Everything is in order." if skip_trial else "Everything is in order; Asterisk takes it as it is."
        )


@dialplan.command()
def apply(
    *,
    why: Why,
    skip_trial: SkipTrial = False,
    restart_controller: Annotated[
        bool, typer.Option("--restart-controller", help="Restart it if a change needs that; no call is lost.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish centre.toml and the own dialplan while calls go on; what Asterisk refuses is taken back."""
    publish_edited(why, trial=not skip_trial, restart=restart_controller, as_json=as_json)


def publish_edited(why: str, *, trial: bool, restart: bool, as_json: bool = False) -> None:
    """Publish what stands in the edited files. Raises `CommandError` with everything that is in the way."""
    source = _source(None)
    wish: dict[str, Any] = {"centre": source.centre, "custom": dict(source.custom), "why": why}
    wish |= {"trial": trial, "restart_controller": restart}
    done = running.write("POST", "/api/config/apply", wish, APPLYING_S)
    _say_published(done, as_json=as_json)


@dialplan.command()
def rollback(
    version: Annotated[int | None, typer.Argument(help="The one before the present one if left out.")] = None,
    *,
    why: Why = "rollback",
    as_json: AsJson = False,
) -> None:
    """Bring an earlier version back while calls go on, as a new version."""
    wish: dict[str, Any] = {"why": why} | ({} if version is None else {"version": version})
    _say_published(running.write("POST", "/api/config/rollback", wish, APPLYING_S), as_json=as_json)


def _say_published(done: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(done)
        return
    changed = ", ".join(done["changed"]) or "nothing"
    say(f"Version {done['version']} is in force. Changed for Asterisk: {changed}.")
    if done["at_next_start"]:
        say(f"Asterisk reads {', '.join(done['at_next_start'])} at its next start only.")
    if done["restarts"]:
        say("The controller restarts now; calls stay up and go on where they were.")


@dialplan.command()
def history(*, as_json: AsJson = False) -> None:
    """Show what was published, by whom, when and why; newest first."""
    from madoguchi.publication.versions import Versions  # noqa: PLC0415 - a command loads what it needs

    versions = Versions(running.settings().layout)
    rows = [version.as_json() for version in versions]
    current = versions.current
    if as_json:
        show_json({"current": current and current.number, "versions": rows[::-1]})
    else:
        show_table(rows[::-1], _COLUMNS, "Nothing is published yet.")


@dialplan.command()
def show(version: Annotated[int, typer.Argument(metavar="VERSION")], *, as_json: AsJson = False) -> None:
    """Show one version: who, when, why, and how its files differ from those before."""
    from madoguchi.publication.source import Source, between  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.publication.versions import NoSuchVersion, Versions  # noqa: PLC0415

    versions = Versions(running.settings().layout)
    try:
        entry, source = versions.version(version), versions.source(version)
        before = Source("") if entry.before is None else versions.source(entry.before)
    except NoSuchVersion as error:
        raise CommandError(str(error)) from error
    changed = between(before, source)
    if as_json:
        texts = {"centre": source.centre, "custom": dict(source.custom), "difference": changed}
        show_json(entry.as_json() | texts)
        return
    say(f"Version {version} ({entry.state}), {entry.at:%Y-%m-%d %H:%M:%S %Z} by {entry.by}: {entry.why}")
    if entry.reason:
        say(entry.reason)
    for text in changed.values():
        _show_diff(text)


# --- what these commands read ------------------------------------------------------------------------------


def _candidate(config: Path | None) -> Any:
    from madoguchi.publication.candidate import Mistakes  # noqa: PLC0415 - a command loads what it needs

    try:
        return _rendered(config)
    except Mistakes as mistakes:
        raise CommandError(str(mistakes)) from mistakes


def _rendered(config: Path | None) -> Any:
    """Return the candidate. Raises `Mistakes` and `CommandError`."""
    from agents.ports import Unavailable  # noqa: PLC0415 - a command loads what it needs
    from agents.roster_store import RosterFile  # noqa: PLC0415
    from madoguchi.publication.candidate import candidate  # noqa: PLC0415

    settings = running.settings()
    try:
        people = RosterFile(settings.layout.roster_file).read()
    except Unavailable as error:
        raise CommandError(str(error)) from error
    roster = [person.agent for person in people if person.agent is not None]
    return candidate(_source(config), roster, settings, _secrets())


def _secrets() -> Any:
    from config.trunk_passwords import TrunkPasswords  # noqa: PLC0415 - a command loads what it needs
    from dialplan import Secrets  # noqa: PLC0415

    kept, folder = running.secrets(), running.settings().layout.trunk_passwords
    return Secrets(kept["ari_password"], kept["ami_password"], TrunkPasswords(folder))


def _source(config: Path | None) -> Any:
    from dataclasses import replace  # noqa: PLC0415 - a command loads what it needs

    from dialplan import UnreadableCustom  # noqa: PLC0415
    from madoguchi.publication.source import edited  # noqa: PLC0415

    settings = running.settings()
    wanted = settings if config is None else replace(settings, centre_file=config)
    try:
        return edited(wanted)
    except UnicodeDecodeError:
        raise CommandError(f"{wanted.centre_file} has bytes that are not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
    except UnreadableCustom as error:
        raise CommandError(str(error)) from error


def _sources(source: Any) -> dict[str, str]:
    """Return how the texts differ from those in force."""
    from madoguchi.publication.source import Source, between  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.publication.versions import Versions  # noqa: PLC0415

    versions = Versions(running.settings().layout)
    current = versions.current
    return between(Source("") if current is None else versions.source(current.number), source)


def _show_diff(text: str) -> None:
    """Print a unified diff; in colours when somebody looks."""
    for line in text.splitlines():
        colour = _COLOURS.get(line[:1]) if sys.stdout.isatty() else None
        typer.echo(typer.style(line, fg=colour) if colour else line)
