"""``config``, ``dialplan``, ``asterisk``, ``export``: what ops needs."""

import subprocess
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.audit import note
from madoguchi.cli.errors import CommandError
from madoguchi.cli.floor import Since, Until
from madoguchi.cli.showing import AsJson, say, show_json
from madoguchi.cli.voice import build

config = typer.Typer(help="The centre's configuration.")
dialplan = typer.Typer(help="What Asterisk is told.")
export = typer.Typer(help="Take data out in formats that others read.")


@config.command(name="check")
def check_config(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="centre.toml of this copy if left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a centre.toml."""
    from config.loading import ConfigError, load_centre  # noqa: PLC0415 - a command loads what it needs

    path = running.settings().centre_file if file is None else file
    try:
        load_centre(path)
    except ConfigError as error:
        problems = [{"path": problem.path, "problem": str(problem)} for problem in error.problems]
        if as_json:
            show_json({"file": str(path), "problems": problems})
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    if as_json:
        show_json({"file": str(path), "problems": []})
    else:
        say(f"{path} is in order.")


@config.command()
def apply() -> None:
    """Put centre.toml in force while calls go on: sounds first, then the plan, then Asterisk's files."""
    build()
    done = running.write("POST", "/api/plan")
    say(f"{running.settings().centre_file} is in force. Changed for Asterisk: {_list(done['changed'])}.")
    if done["at_next_start"]:
        say(f"Asterisk reads {_list(done['at_next_start'])} at its next start only.")


def _list(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


@dialplan.command()
def diff(*, as_json: AsJson = False) -> None:
    """Show how what Asterisk reads now differs from what centre.toml and the roster say."""
    found = _differences()
    if as_json:
        show_json({"files": found})
        return
    for name, text in found.items():
        typer.echo(text or f"{name} differs (it holds passwords and is not shown)")
    if not found:
        say("Asterisk reads exactly what centre.toml and the roster say.")


@dialplan.command(name="check")
def check_dialplan() -> None:
    """Render everything and say which of Asterisk's files would change."""
    found = _differences()
    said = f"would change {', '.join(found)}" if found else "would change nothing"
    say(f"centre.toml and the roster can be rendered; publishing {said}.")


def _differences() -> dict[str, str]:
    """Return name → unified diff of each file that differs; empty text for files with passwords."""
    from dialplan.publish import PRIVATE  # noqa: PLC0415 - a command loads what it needs

    etc = running.settings().layout.asterisk_etc
    differences = {}
    for name, wanted in sorted(_rendered().items()):
        try:
            present = (etc / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            present = ""
        except PermissionError:
            raise CommandError(f"{etc / name} belongs to another user; use that user's account.") from None
        if present != wanted:
            lines = unified_diff(
                present.splitlines(), wanted.splitlines(), f"now/{name}", f"wanted/{name}", lineterm=""
            )
            differences[name] = "" if name in PRIVATE else "\n".join(lines)
    return differences


def _rendered() -> dict[str, str]:
    from agents.ports import Unavailable  # noqa: PLC0415
    from agents.roster_store import RosterFile  # noqa: PLC0415
    from config.loading import ConfigError, load_centre  # noqa: PLC0415
    from dialplan import Secrets, render  # noqa: PLC0415

    settings = running.settings()
    secrets = running.secrets()
    try:
        people = RosterFile(settings.layout.roster_file).read()
        roster = [person.agent for person in people if person.agent is not None]
        known = Secrets(secrets["ari_password"], secrets["ami_password"])
        return render(load_centre(settings.centre_file), roster, settings, known)
    except (ConfigError, Unavailable) as error:
        raise CommandError(str(error)) from error


def asterisk(
    command: Annotated[str, typer.Argument(metavar='"COMMAND"', help='For example "core show channels".')],
) -> None:
    """Give Asterisk's own command line one command."""
    argv: list[str] = running.run_file()["asterisk"]["cli"]
    note("cli.asterisk", "asterisk", command=command)
    done = subprocess.run([*argv, command], check=False)  # noqa: S603 - run.json is ours, 0600
    if done.returncode != 0:
        raise CommandError(f"Asterisk's command line ended with status {done.returncode}.")


@export.command(name="queue-log")
def queue_log(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")],
    since: Since = None,
    until: Until = None,
) -> None:
    """Write the history as Asterisk's queue_log, for tools made for app_queue; the last day if left out."""
    text: Any = running.get("/api/export/queue-log", {"since": since, "until": until})
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"{out}: {text.count(chr(10))} lines.")
